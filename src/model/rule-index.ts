import type { Filters, Match, Route, Rule } from "./types/route";

export interface PlacedRule {
  readonly route: Route;
  readonly rule: Rule;
}
/** The rules that do more than send, in the order written: most questions are about those alone. */
export interface RuleIndex {
  /** With an attempt after the first. */
  readonly retried: readonly PlacedRule[];
  /** With any filter. */
  readonly filtered: readonly PlacedRule[];
  /** With several matches. */
  readonly branched: readonly PlacedRule[];
  /** With a match by method or by regular expression over the path. */
  readonly particular: readonly PlacedRule[];
}

const indexes = new WeakMap<readonly Route[], RuleIndex>();

/** Made once for a list of routes. */
export function ruleIndex(routes: readonly Route[]): RuleIndex {
  const known = indexes.get(routes);
  if (known !== undefined) return known;
  const empty = (): PlacedRule[] => [];
  const index = { retried: empty(), filtered: empty(), branched: empty(), particular: empty() };
  for (const route of routes)
    for (const rule of route.rules) {
      if (rule.retries.attempts > 0) index.retried.push({ route, rule });
      if (changesAnything(rule.filters)) index.filtered.push({ route, rule });
      if (rule.matches.length > 1) index.branched.push({ route, rule });
      if (rule.matches.some(isParticular)) index.particular.push({ route, rule });
    }
  indexes.set(routes, index);
  return index;
}

const isParticular = ({ methods, uri }: Match): boolean => methods.length > 0 || uri?.kind === "regex";

function changesAnything(filters: Filters): boolean {
  if (filters.mirrors.length > 0) return true;
  for (const filter in filters) if (filter !== "mirrors" && filters[filter as keyof Filters] !== undefined) return true;
  return false;
}
