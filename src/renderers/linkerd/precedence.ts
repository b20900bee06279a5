import type { Match, Rule } from "../../model/model";
import { Kept } from "../kept";
import { conjunction, isPlain, type Joined, keyOfMatch, sameMatch, takesPath, trimmed } from "./conjunction";

/**
 * Linkerd's proxy takes the match that covers the most characters of the path (an exact path and a regular expression
 * cover all of it), then the one with a method, more headers, more query parameters, and only then the first
 * (linkerd2-proxy linkerd/http/route/src/http/match.rs, 2026-08); gRPC: service, method, headers. The model takes the
 * first that was written. So where a later match may overtake an earlier one, the earlier rule also gets the
 * conjunction of both, which nothing overtakes; and what an earlier match covers whole is left out. Then both orders
 * mean the same.
 */
export interface Ordered {
  readonly rule: Rule;
  /** None: no request reaches the rule. */
  readonly matches: readonly Match[];
}
/** Two matches whose order cannot be kept, with the positions of their rules. */
export interface Conflict {
  readonly earlier: Match;
  readonly later: Match;
  readonly rules: readonly [number, number];
  /** `tied`: only where the two stand in different resources, for then the older resource wins. */
  readonly why: "overtaken" | "tied";
}
export interface WrittenOrder {
  readonly ordered: readonly Ordered[];
  readonly conflicts: readonly Conflict[];
  /** More conjunctions than any route could hold. */
  readonly tooMany: boolean;
}

const MOST_CONJUNCTIONS = 2_000;
/** The match of a rule that names none. */
export const EVERYTHING: Match = { path: "", methods: [], headers: [], query: [], sni: [] };

/** A match a method, without what Linkerd cannot ask (negation, the calling service): those losses are accepted. */
export const singleMatches = (rule: Rule): readonly Match[] => kept.of([rule], "", () => singly(rule));
const kept = new Kept<readonly Match[]>();

const singly = (rule: Rule): readonly Match[] =>
  (rule.matches.length === 0 ? [EVERYTHING] : rule.matches).flatMap((match) => {
    const headers = match.headers.filter(({ negate }) => !negate);
    const query = match.query.filter(({ negate }) => !negate);
    const { source: _source, ...asked } = match;
    const methods = match.methods.length === 0 ? [[]] : match.methods.map((method) => [method]);
    return methods.map((one) => ({ ...asked, headers, query, methods: one }));
  });

export function inWrittenOrder(rules: readonly Rule[]): WrittenOrder {
  const conflicts: Conflict[] = [];
  const placed: Match[][] = rules.map(() => []);
  let conjunctions = 0;
  for (let r = rules.length - 1; r >= 0; r--) {
    const mine = new Map<string, Match>();
    const rule = rules[r];
    if (rule === undefined) continue;
    const own = singleMatches(rule);
    for (const match of own) mine.set(keyOfMatch(match), match);
    for (let s = r + 1; s < rules.length; s++)
      placed[s] = (placed[s] ?? []).filter((later) => {
        const both = own.map((earlier) => conjunction(earlier, later));
        const whole = (joined: Joined<Match>): boolean =>
          joined !== "never" && joined !== "unsaid" && sameMatch(joined, later);
        if (both.some(whole)) return false;
        for (const [e, earlier] of own.entries()) keep(earlier, later, both[e] ?? "never", [r, s]);
        return true;
      });
    placed[r] = [...mine.values()];

    function keep(earlier: Match, later: Match, joined: Joined<Match>, at: readonly [number, number]): void {
      if (joined === "never") return;
      const { more, tie } = compare(later, earlier);
      if (!more && !tie) return;
      if (joined === "unsaid") {
        conflicts.push({ earlier, later, rules: at, why: more ? "overtaken" : "tied" });
        return;
      }
      if (keyOfMatch(joined) !== keyOfMatch(earlier) && conjunctions < MOST_CONJUNCTIONS) {
        conjunctions += mine.has(keyOfMatch(joined)) ? 0 : 1;
        mine.set(keyOfMatch(joined), joined);
      }
      if (compare(later, joined).tie) conflicts.push({ earlier, later, rules: at, why: "tied" });
    }
  }
  return {
    ordered: rules.map((rule, r) => ({ rule, matches: placed[r] ?? [] })),
    conflicts,
    tooMany: conjunctions >= MOST_CONJUNCTIONS,
  };
}

/** Of the requests that both take: are there some where `a` is more specific, and some where the two are equal? */
function compare(a: Match, b: Match): { readonly more: boolean; readonly tie: boolean } {
  if (a.grpc !== undefined || b.grpc !== undefined) {
    const parts = ({ grpc, headers }: Match): readonly number[] => [
      grpc?.service === undefined ? 0 : 1,
      grpc?.method === undefined ? 0 : 1,
      headers.length,
    ];
    const order = lexicographic(parts(a), parts(b));
    return { more: order > 0, tie: order === 0 };
  }
  const path = comparePaths(a, b);
  const order = lexicographic(conditions(a), conditions(b));
  return { more: path.more || (path.tie && order > 0), tie: path.tie && order === 0 };
}

const conditions = ({ methods, headers, query }: Match): readonly number[] => [
  methods.length,
  headers.length,
  query.length,
];
const lexicographic = (a: readonly number[], b: readonly number[]): number =>
  a.map((value, i) => value - (b[i] ?? 0)).find((difference) => difference !== 0) ?? 0;

/** Characters that a match covers of every path that it takes; undefined where that is the whole path, whatever it is. */
function covered({ uri }: Match): number | undefined {
  if (uri === undefined) return 1;
  if (uri.kind === "prefix" && trimmed(uri.value) === "") return 1;
  if (!isPlain(uri)) return undefined;
  return uri.kind === "exact" ? uri.value.length : trimmed(uri.value).length;
}

function comparePaths(a: Match, b: Match): { readonly more: boolean; readonly tie: boolean } {
  const [x, y] = [covered(a), covered(b)];
  if (x !== undefined && y !== undefined) return { more: x > y, tie: x === y };
  if (x === undefined && y === undefined) return { more: false, tie: true };
  const [whole, plain] = x === undefined ? [a, b] : [b, a];
  // An exact path leaves one path to both, and both cover it whole; a prefix may be the whole path, or less.
  if (plain.uri?.kind === "exact") return { more: false, tie: true };
  const shortest = plain.uri === undefined ? "/" : trimmed(plain.uri.value) || "/";
  const tie = whole.uri !== undefined && takesPath(whole.uri, shortest);
  return { more: whole === a, tie };
}
