import { reading } from "../src/facts";
import { type Enforcement, type PolicyRule, type PresetName, type Setting, type Settings } from "./rule";

/** A resource that a policy leaves alone, with the reason, up to and including a day. */
export interface Exemption {
  /** Name, `namespace/name` or URN; `*` for any text. */
  readonly resource: string;
  readonly reason: string;
  /** Its last day, as an ISO date: whoever asks for longer says so again. */
  readonly expires: string;
}
export interface RuleConfig {
  readonly level: Enforcement;
  readonly exemptions: readonly Exemption[];
  readonly settings: Settings;
  /** What is wrong with the configuration: told, and not followed. */
  readonly problems: readonly string[];
}
/** The contents of a configuration file, as `--policy-pack-config` takes it: policy name to level or object. */
export type PackConfig = Readonly<Record<string, unknown>>;

const levels = new Set<unknown>(["mandatory", "advisory", "disabled"]);
const isDate = (value: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));

export function configOf(rule: PolicyRule, pack: PackConfig = {}, preset: PresetName = "baseline"): RuleConfig {
  const written = pack[rule.name] ?? pack[rule.code];
  const object = reading.fields(written);
  const problems: string[] = [];
  const level = typeof written === "string" ? written : (object.enforcementLevel ?? levelOfAll(pack));
  if (level !== undefined && !levels.has(level) && level !== "remediate")
    problems.push(`enforcementLevel ${JSON.stringify(level)} is none of mandatory, advisory, disabled`);
  const exemptions: Exemption[] = [];
  for (const { item, path } of reading.items(object.exemptions, "exemptions")) {
    const [resource, reason, expires] = [item.resource, item.reason, item.expires].map(reading.text);
    if (resource === undefined || resource === "") problems.push(`${path} names no resource`);
    else if (reason === undefined || reason.trim() === "") problems.push(`${path} gives no reason`);
    else if (expires === undefined) problems.push(`${path} has no last day; write expires: 2027-01-31`);
    else if (!isDate(expires)) problems.push(`${path}.expires is no date: ${expires}`);
    else exemptions.push({ resource, reason, expires });
  }
  const settings: Record<string, string | number | readonly string[] | undefined> = {};
  for (const [name, setting] of Object.entries(rule.settings ?? {})) {
    const value = object[name];
    if (value !== undefined && !fits(value, setting)) problems.push(`${name} is no ${wantedOf(setting)}`);
    const taken = value !== undefined && fits(value, setting) ? value : setting.default;
    settings[name] = taken as string | number | readonly string[] | undefined;
  }
  for (const key of Object.keys(object))
    if (key !== "enforcementLevel" && key !== "exemptions" && !Object.hasOwn(rule.settings ?? {}, key))
      problems.push(`${key} is no setting of ${rule.name}`);
  return {
    level: levels.has(level) ? (level as Enforcement) : level === "remediate" ? "mandatory" : rule.levels[preset],
    exemptions,
    settings,
    problems,
  };
}
const levelOfAll = (pack: PackConfig): unknown =>
  typeof pack.all === "string" ? pack.all : reading.fields(pack.all).enforcementLevel;
const wantedOf = ({ type, enum: values }: Setting): string => (values ? `one of ${values.join(", ")}` : type);
function fits(value: unknown, { type, enum: values }: Setting): boolean {
  if (type === "array") return Array.isArray(value) && value.every((item) => typeof item === "string");
  return typeof value === type && (values === undefined || values.includes(String(value)));
}

/** The JSON schema of one policy's configuration, as the pack publishes it. */
export const schemaOf = (rule: PolicyRule) => ({
  properties: {
    exemptions: {
      type: "array" as const,
      description: "Resources that this policy leaves alone",
      default: [],
      items: {
        type: "object" as const,
        required: ["resource", "reason", "expires"],
        properties: {
          resource: { type: "string" as const, description: "Name, namespace/name or URN; * for any text" },
          reason: { type: "string" as const, minLength: 1 },
          expires: { type: "string" as const, format: "date" as const, description: "Last day, as in 2027-01-31" },
        },
      },
    },
    ...Object.fromEntries(
      Object.entries(rule.settings ?? {}).map(([name, setting]) => [
        name,
        setting.type === "array" ? { ...setting, items: { type: "string" as const } } : { ...setting },
      ]),
    ),
  },
});

/** The exemption that a resource is under, if any. */
export function exemptionOf(
  exemptions: readonly Exemption[],
  resource: { readonly id: string; readonly name: string; readonly namespace: string },
): Exemption | undefined {
  const names = [resource.id, resource.name, `${resource.namespace}/${resource.name}`, resource.id.split("::").at(-1)];
  return exemptions.find((e) => names.some((name) => name !== undefined && glob(e.resource, name)));
}
/** `*` stands for any text. Compared piece by piece: patterns come from configuration, names from anywhere. */
function glob(pattern: string, value: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return pattern === value;
  if (!value.startsWith(first)) return false;
  const last = rest.pop() ?? "";
  let at = first.length;
  for (const piece of rest) {
    const found = value.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return value.length - last.length >= at && value.endsWith(last);
}
export const hasExpired = ({ expires }: Exemption, today: string): boolean => expires < today;
