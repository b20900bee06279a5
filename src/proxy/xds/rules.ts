/** protoc-gen-validate's rules, as Envoy enforces them. A broken rule is told in the words of a person. */
import type { Rules } from "./table";

const headerName = /^:?[0-9a-zA-Z!#$%&'*+.^_|~`-]+$/;
const headerValue = /^[^\u0000-\u0008\u000a-\u001f\u007f]*$/;
const headerAny = /^[^\u0000\u000a\u000d]*$/;

export function brokenRule(rules: Rules, value: unknown): string | undefined {
  if (typeof value === "number") return brokenNumber(rules, value) ?? brokenSet(rules, value);
  if (typeof value === "string") return brokenString(rules, value);
  if (typeof value === "boolean" && rules.const !== undefined && value !== rules.const) return `must be ${rules.const}`;
  return undefined;
}

function brokenNumber(rules: Rules, value: number): string | undefined {
  const { lt, lte, gt, gte } = rules;
  if (lt !== undefined && !(value < lt)) return `must be less than ${lt}, is ${value}`;
  if (lte !== undefined && !(value <= lte)) return `must be at most ${lte}, is ${value}`;
  if (gt !== undefined && !(value > gt)) return `must be greater than ${gt}, is ${value}`;
  if (gte !== undefined && !(value >= gte)) return `must be at least ${gte}, is ${value}`;
  return undefined;
}

function brokenString(rules: Rules, value: string): string | undefined {
  if (rules.ignore_empty && value === "") return undefined;
  const { min_len, max_len, min_bytes, max_bytes, prefix } = rules;
  if (min_len !== undefined || max_len !== undefined) {
    const length = value.length <= 1 ? value.length : characters(value);
    if (length < (min_len ?? 0))
      return min_len === 1 ? "must not be empty" : `must have at least ${min_len} characters`;
    if (length > (max_len ?? Infinity)) return `must have at most ${max_len} characters`;
  }
  if (min_bytes !== undefined || max_bytes !== undefined) {
    const bytes = Buffer.byteLength(value);
    if (bytes < (min_bytes ?? 0))
      return min_bytes === 1 ? "must not be empty" : `must have at least ${min_bytes} bytes`;
    if (bytes > (max_bytes ?? Infinity)) return `must have at most ${max_bytes} bytes`;
  }
  if (prefix !== undefined && !value.startsWith(prefix)) return `must begin with ${JSON.stringify(prefix)}`;
  if (rules.pattern !== undefined && !patternOf(rules.pattern).test(value)) return `must match ${rules.pattern}`;
  if (rules.well_known_regex !== undefined) {
    const isName = rules.well_known_regex === "HTTP_HEADER_NAME";
    const allowed = rules.strict === false ? headerAny : isName ? headerName : headerValue;
    if (!allowed.test(value)) return `is not a valid header ${isName ? "name" : "value"}`;
  }
  return brokenSet(rules, value);
}

function brokenSet(rules: Rules, value: string | number): string | undefined {
  if (rules.in && !rules.in.includes(value))
    return `must be one of ${rules.in.map((v) => JSON.stringify(v)).join(", ")}`;
  if (rules.not_in?.includes(value)) return `must not be ${JSON.stringify(value)}`;
  return undefined;
}

/** Code points, as protobuf counts. */
function characters(value: string): number {
  let count = 0;
  for (const _ of value) count++;
  return count;
}

const patterns = new Map<string, RegExp>();

function patternOf(source: string): RegExp {
  let pattern = patterns.get(source);
  if (pattern === undefined) patterns.set(source, (pattern = new RegExp(source)));
  return pattern;
}
