import { RE2JS } from "re2js";
import type { Match, PathMatch, Rule, ValueMatch } from "../../model/model";

/**
 * Linkerd's proxy takes the match that covers the most characters of the path (an exact path and a regular expression
 * cover all of it), then the one with a method, more headers, more query parameters, and only then the first
 * (linkerd2-proxy linkerd/http/route/src/http/match.rs, 2026-08). The model takes the first that was written. Where an
 * earlier match could be overtaken by a later one, the earlier rule also gets the conjunction of both, which nothing
 * overtakes: then both orders mean the same.
 */

const everything: Match = { path: "", methods: [], headers: [], query: [], sni: [] };
export const matchesOf = (rule: Rule): readonly Match[] => (rule.matches.length === 0 ? [everything] : rule.matches);

const trimmed = (prefix: string): string => prefix.replace(/\/+$/, "");
const prefixOf = ({ uri }: Match): string | undefined => {
  if (uri === undefined) return "";
  return uri.kind === "prefix" && !uri.ignoreCase ? trimmed(uri.value) : undefined;
};

/** Method, headers, query parameters: the later ones count only where the earlier ones are equal. */
function conditions(a: Match, b: Match): number {
  const of = (match: Match): readonly number[] => [
    Math.min(1, match.methods.length),
    match.headers.length,
    match.query.length,
  ];
  const [x, y] = [of(a), of(b)];
  for (const [i, value] of x.entries()) if (value !== y[i]) return value - (y[i] ?? 0);
  return 0;
}

/** Is there a path on which the later match would win, or tie with the earlier one from another resource? */
function mayOvertake(later: Match, earlier: Match): boolean {
  if (earlier.grpc !== undefined || later.grpc !== undefined) {
    const parts = ({ grpc }: Match): number =>
      (grpc?.service === undefined ? 0 : 1) + (grpc?.method === undefined ? 0 : 1);
    return parts(later) > parts(earlier) || (parts(later) === parts(earlier) && conditions(later, earlier) >= 0);
  }
  const [before, after] = [prefixOf(earlier), prefixOf(later)];
  if (after === undefined) return before !== undefined || conditions(later, earlier) >= 0;
  if (before === undefined) {
    const tie = earlier.uri?.kind === "exact" ? trimmed(earlier.uri.value) === after : after !== "";
    return tie && conditions(later, earlier) > 0;
  }
  return after.length > before.length || (after === before && conditions(later, earlier) >= 0);
}

/** Undefined: they never hold together. `unsaid`: they may, but no single match says so. */
function both<T>(
  a: T | undefined,
  b: T | undefined,
  join: (a: T, b: T) => T | undefined | "unsaid",
): T | undefined | "never" | "unsaid" {
  if (a === undefined || b === undefined) return a ?? b;
  return join(a, b) ?? "never";
}

function joinPaths(a: PathMatch, b: PathMatch): PathMatch | undefined | "unsaid" {
  if (a.kind === b.kind && a.value === b.value && a.ignoreCase === b.ignoreCase) return a;
  const root = ({ kind, value }: PathMatch): boolean => kind === "prefix" && trimmed(value) === "";
  if (root(a)) return b;
  if (root(b)) return a;
  if (a.ignoreCase || b.ignoreCase) return "unsaid";
  if (a.kind === "regex") return joinRegex(a, b);
  if (b.kind === "regex") return joinRegex(b, a);
  const within = (inner: string, outer: string): boolean => {
    const base = trimmed(outer);
    return inner === base || inner.startsWith(`${base}/`);
  };
  if (a.kind === "exact") return b.kind === "prefix" && within(a.value, b.value) ? a : undefined;
  if (b.kind === "exact") return within(b.value, a.value) ? b : undefined;
  if (within(a.value, b.value)) return a;
  return within(b.value, a.value) ? b : undefined;
}

/** With an exact path the answer is known; with a prefix no single match says it. */
function joinRegex(regex: PathMatch, other: PathMatch): PathMatch | undefined | "unsaid" {
  if (other.kind !== "exact") return "unsaid";
  return RE2JS.compile(regex.value).matches(other.value) ? other : undefined;
}

/** The same name twice in one match is not Gateway API: equal values fold, different exact ones exclude each other. */
function joinValues(a: readonly ValueMatch[], b: readonly ValueMatch[]): readonly ValueMatch[] | "never" | "unsaid" {
  const joined = [...a];
  for (const match of b) {
    const same = joined.find((other) => other.name.toLowerCase() === match.name.toLowerCase());
    if (same === undefined) joined.push(match);
    else if (same.kind === match.kind && same.value === match.value && same.negate === match.negate) continue;
    else if (same.kind === "present" && !same.negate && !match.negate) joined.splice(joined.indexOf(same), 1, match);
    else if (match.kind === "present" && !same.negate && !match.negate) continue;
    else return same.kind === "exact" && match.kind === "exact" && !same.negate && !match.negate ? "never" : "unsaid";
  }
  return joined;
}

function conjunction(a: Match, b: Match): Match | "never" | "unsaid" {
  const uri = both(a.uri, b.uri, joinPaths);
  const grpc = both(a.grpc, b.grpc, (x, y) => {
    if (x.service !== undefined && y.service !== undefined && x.service !== y.service) return undefined;
    if (x.method !== undefined && y.method !== undefined && x.method !== y.method) return undefined;
    return { ...x, ...y };
  });
  const methods =
    a.methods.length === 0 || b.methods.length === 0
      ? [...a.methods, ...b.methods]
      : a.methods.filter((method) => b.methods.includes(method));
  const headers = joinValues(a.headers, b.headers);
  const query = joinValues(a.query, b.query);
  const noMethod = a.methods.length > 0 && b.methods.length > 0 && methods.length === 0;
  if (uri === "never" || grpc === "never" || noMethod || headers === "never" || query === "never") return "never";
  if (uri === "unsaid" || grpc === "unsaid" || headers === "unsaid" || query === "unsaid") return "unsaid";
  return { path: a.path, methods, headers, query, sni: [], ...(uri && { uri }), ...(grpc && { grpc }) };
}

/** The later match says nothing that the earlier one does not: what wins is the earlier rule's own match. */
const sameAs = (a: Match, b: Match): boolean =>
  a.uri === b.uri &&
  a.grpc?.service === b.grpc?.service &&
  a.grpc?.method === b.grpc?.method &&
  a.methods.length === b.methods.length &&
  a.headers.length === b.headers.length &&
  a.query.length === b.query.length;

export interface Ordered {
  readonly rule: Rule;
  readonly matches: readonly Match[];
}
/** An earlier match that a later one would overtake, and no conjunction says it. */
export interface Overtaken {
  readonly earlier: Match;
  readonly later: Match;
}

export function inWrittenOrder(rules: readonly Rule[]): {
  ordered: readonly Ordered[];
  overtaken: readonly Overtaken[];
} {
  const overtaken: Overtaken[] = [];
  const ordered = rules.map((rule, r): Ordered => {
    const own = matchesOf(rule);
    const more = own.flatMap((earlier) =>
      rules.slice(r + 1).flatMap((later) =>
        matchesOf(later).flatMap((match): Match[] => {
          if (!mayOvertake(match, earlier)) return [];
          const joined = conjunction(earlier, match);
          if (joined === "unsaid") overtaken.push({ earlier, later: match });
          if (joined === "never" || joined === "unsaid" || sameAs(joined, earlier)) return [];
          return [joined];
        }),
      ),
    );
    return { rule, matches: [...own, ...more] };
  });
  return { ordered, overtaken };
}
