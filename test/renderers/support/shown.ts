import { stringify } from "yaml";
import { featureById } from "../../../src/capabilities";
import type { BackendName } from "../../../src/model";
import { isReference, mapValues, type Plan, type PlanResource, toYaml } from "../../../src/plan";

/** `# golden: VirtualService, Gateway`: the kinds that a case is about; the rest of its Plan would only repeat. */
function about(plan: Plan, text: string): readonly PlanResource[] {
  const kinds = /^# golden: (.+)$/m.exec(text)?.[1]?.split(", ") ?? [];
  return plan.resources.filter(({ type }) => kinds.includes(type.split(":").at(-1) ?? ""));
}

/** Resources of a cloud by their ids; what one reads of another stands as `${id.output}`. */
export function shownById(plan: Plan, text: string): string {
  const told = about(plan, text).map(({ id, properties }) => {
    const plain = mapValues(properties, (leaf) =>
      isReference(leaf) ? { value: `\${${leaf.$ref}.${leaf.output}}` } : undefined,
    );
    return [id, plain];
  });
  return stringify(Object.fromEntries(told), { lineWidth: 0, aliasDuplicateObjects: false });
}

export function shown(plan: Plan, text: string): string {
  const resources = about(plan, text);
  const ids = new Set(resources.map(({ id }) => id));
  const standing = resources.map((each) => ({ ...each, dependsOn: each.dependsOn.filter((id) => ids.has(id)) }));
  return toYaml({ ...plan, resources: standing });
}

/** `# writes: route.http Route.spec.httpRoute`: a feature that a case is the proof of, and the fields it comes to. */
export const writtenBy = (text: string): readonly { readonly feature: string; readonly fields: readonly string[] }[] =>
  [...text.matchAll(/^# writes: (\S+) (.+)$/gm)].map(([, feature = "", fields = ""]) => ({
    feature,
    fields: fields.split(" "),
  }));

/** `# holds: route.http route.weights`: the features that a case is the proof of; those of `# writes:` are as well. */
export const heldBy = (text: string): readonly string[] => [
  ...[...text.matchAll(/^# holds: (.+)$/gm)].flatMap(([, names = ""]) => names.split(" ")),
  ...writtenBy(text).map(({ feature }) => feature),
];

/** A case of another backend that writes the same resources, without its lines for features that this one has not. */
export const provenOn = (backend: BackendName, text: string): string =>
  text
    .split("\n")
    .filter((line) => {
      const id = /^# writes: (\S+) /.exec(line)?.[1];
      return id === undefined || featureById(id)?.on[backend].status !== "unsupported";
    })
    .join("\n");
