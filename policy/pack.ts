import type { Policies, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { type Estate, estateOfModel, meshesIn, readings } from "../src/facts";
import { configOf, schemaOf } from "./config";
import { evaluate, type Violation, violationText } from "./evaluate";
import { perTurn } from "./per-turn";
import { concerns, givenOf, type PulumiResource } from "./pulumi-resources";
import { asPolicy, remediations } from "./remediations";
import type { PolicyRule } from "./rule";
import { rules } from "./rules";

/** The resources' estates, one or two readings of them together, and one of each mesh that runs on a host. */
interface Estates {
  readonly readings: readonly Estate[];
  readonly meshes: readonly { readonly id: string; readonly estate: Estate }[];
}
function estatesOf(resources: readonly PulumiResource[]): Estates {
  const given = resources.filter(concerns).map(givenOf);
  const meshes = meshesIn(given).map(({ id, model }) => ({ id, estate: estateOfModel(model) }));
  return { readings: readings(given), meshes };
}
const signature = (resources: readonly PulumiResource[]): string =>
  `${resources.length} ${resources[0]?.urn ?? ""} ${resources.at(-1)?.urn ?? ""}`;

/** Everything the pack holds, as data: `index.ts` alone makes a pack of it. `today` gives an ISO date. */
export function policies(today: () => string): Policies {
  const estates = perTurn(estatesOf, signature);
  const judge = (
    rule: PolicyRule,
    resources: readonly PulumiResource[],
    config: object,
    report: (message: string, urn?: string) => void,
  ): void => {
    // Pulumi has taken the level out and follows it itself.
    const { enforcementLevel: _, ...own } = config as Readonly<Record<string, unknown>>;
    const settings = { ...configOf(rule, { [rule.name]: own }), level: "mandatory" as const };
    for (const problem of settings.problems) report(`Configuration of ${rule.name}: ${problem}.`);
    const { readings: of, meshes } = estates(resources);
    const tell = (violation: Violation, urn: string): void => report(violationText(violation), urn || undefined);
    for (const violation of evaluate(rule, of, settings, today())) tell(violation, violation.resource);
    for (const { id, estate } of meshes)
      for (const violation of evaluate(rule, [estate], settings, today())) tell({ ...violation, resource: id }, id);
  };
  const ofRule = (rule: PolicyRule): ResourceValidationPolicy | StackValidationPolicy => {
    const common = {
      name: rule.name,
      displayName: rule.title,
      description: `${rule.code} ${rule.title}. ${rule.why}`,
      enforcementLevel: rule.levels.baseline,
      remediationSteps: rule.remedy,
      configSchema: schemaOf(rule),
    };
    if (rule.scope === "stack")
      return {
        ...common,
        validateStack: (args, report) => judge(rule, args.resources, args.getConfig<object>(), report),
      };
    return {
      ...common,
      validateResource: (args, report) => {
        if (concerns(args)) judge(rule, [args], args.getConfig<object>(), report);
      },
    };
  };
  return [...rules.map(ofRule), ...remediations.map(asPolicy)];
}
