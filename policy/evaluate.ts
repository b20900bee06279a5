import type { Estate, RawResource } from "../src/facts";
import { exemptionOf, hasExpired, type RuleConfig } from "./config";
import type { PolicyRule, RuleHit } from "./rule";

/** One rule broken at one place. */
export interface Violation {
  readonly rule: PolicyRule;
  /** The rule's, or that of the check of `meshup validate` which found it. */
  readonly code: string;
  /** URN, or `Kind/namespace/name`; empty in a mesh file. */
  readonly resource: string;
  /** Field of it, as `spec.mtls.mode`; in a mesh file the path below spec. */
  readonly field: string;
  readonly message: string;
  readonly found: string;
  readonly wanted: string;
  readonly remedy: string;
  /** An exemption that was given for it, and ended. */
  readonly expired?: string;
}

/**
 * What a rule finds for certain: in each of the readings of the same resources (`readings` in src/facts).
 * `today` is an ISO date: exemptions end.
 */
export function evaluate(
  rule: PolicyRule,
  estates: readonly Estate[],
  config: RuleConfig,
  today: string,
): readonly Violation[] {
  if (config.level === "disabled") return [];
  const [first, ...others] = estates.map((estate) => violationsIn(rule, estate, config, today));
  if (!first) return [];
  const keys = others.map((list) => new Set(list.map(keyOf)));
  return first.filter((violation) => keys.every((set) => set.has(keyOf(violation))));
}
const keyOf = ({ code, resource, field }: Violation): string => `${code} ${resource}#${field}`;

function violationsIn(rule: PolicyRule, estate: Estate, config: RuleConfig, today: string): Violation[] {
  const found = new Map<string, Violation>();
  const add = (code: string, hit: RuleHit & { readonly remedy?: string }): void => {
    const at = hit.path.indexOf("#");
    const whole = at < 0 && !estate.model;
    const resource = whole ? resourceAt(estate, hit.path) : at < 0 ? "" : hit.path.slice(0, at);
    const field = at < 0 ? hit.path.slice(resource.length).replace(/^\./, "") : hit.path.slice(at + 1);
    const of = indexOf(estate).get(resource);
    const exemption = exemptionOf(config.exemptions, of ?? { id: resource || hit.path, name: field, namespace: "" });
    if (exemption && !hasExpired(exemption, today)) return;
    const violation: Violation = {
      rule,
      code,
      resource,
      field,
      message: hit.message,
      found: hit.found ?? plain(of, field),
      wanted: hit.wanted ?? rule.wanted,
      remedy: hit.remedy ?? rule.remedy,
      expired: exemption && `the exemption (${exemption.reason}) ended on ${exemption.expires}`,
    };
    if (!found.has(keyOf(violation))) found.set(keyOf(violation), violation);
  };
  for (const hit of rule.run?.(estate, config.settings) ?? []) add(hit.code ?? rule.code, hit);
  // A check's remedy is in the words of a mesh file; the rule's is for what is deployed.
  for (const check of rule.checks ?? [])
    for (const { remedy = check.remedy, ...hit } of check.run(estate.facts))
      add(check.code, estate.model ? { ...hit, remedy } : hit);
  return [...found.values()];
}

const indexes = new WeakMap<Estate, ReadonlyMap<string, RawResource>>();
function indexOf(estate: Estate): ReadonlyMap<string, RawResource> {
  const known = indexes.get(estate);
  if (known) return known;
  const made = new Map(estate.resources.all.map((resource) => [resource.id, resource]));
  indexes.set(estate, made);
  return made;
}
/** Checks lengthen a resource's path as they would a mesh file's: `Deployment/shop/cart.serviceAccount`. */
function resourceAt(estate: Estate, path: string): string {
  const index = indexOf(estate);
  for (let end = path.length; end > 0; end = path.lastIndexOf(".", end - 1))
    if (index.has(path.slice(0, end))) return path.slice(0, end);
  return path;
}
/** The value at a field, where it is one that a line can show. */
function plain(resource: RawResource | undefined, field: string): string {
  let value: unknown = resource?.body;
  for (const [, key = ""] of field.matchAll(/([^.[\]]+)/g))
    value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : "not set";
}

/** Where the rule's page is, relative to the package. */
export const policyPage = (rule: PolicyRule): string => `docs/policies/${rule.code}.md`;

/** One line for a person: code, resource, what is there, what should be, what to do, where to read on. */
export function violationText(violation: Violation): string {
  const { code, resource, field, message, found, wanted, remedy, expired, rule } = violation;
  const place = [resource, field].filter((part) => part !== "").join(" ");
  const facts = `Found: ${found}. Wanted: ${wanted}.`;
  return [
    `${code} ${message} (${place}).`,
    facts,
    expired && `Not exempt: ${expired}.`,
    remedy,
    `See ${policyPage(rule)}.`,
  ]
    .filter((part) => part)
    .join(" ");
}
