import type { Labels, Match, Rule } from "../../model/model";
import { Kept } from "../kept";
import { type Conflict, inWrittenOrder, type WrittenOrder } from "./precedence";
import { annotationsOf } from "./retries";

/** Gateway API's limits on one resource (1.2.1, as Linkerd ships it). */
export const MOST = { rules: 16, matches: 8, backends: 16, values: 16, hostnames: 16 } as const;

/** One rule as it is written: at most eight matches; none where it takes everything. */
export interface Written {
  readonly rule: Rule;
  readonly matches: readonly Match[];
}
/** One resource: rules that share their annotations. */
export interface RouteResource {
  readonly annotations: Labels;
  readonly rules: readonly Written[];
}
export interface Divided {
  readonly resources: readonly RouteResource[];
  /** Orders that cannot be kept: overtaken anywhere, or tied between two resources. */
  readonly conflicts: readonly Conflict[];
  readonly tooMany: boolean;
}

/**
 * Retries and idle timeouts are annotations of a whole resource, so rules that differ in them stand apart; so do those
 * beyond the sixteenth. Two resources have no order but their age, so what could tie between them is a conflict.
 */
export const divide = (rules: readonly Rule[], kind: "http" | "grpc"): Divided =>
  kept.of([rules], kind, () => divided(rules, kind));
const kept = new Kept<Divided>();

function divided(rules: readonly Rule[], kind: "http" | "grpc"): Divided {
  const { ordered, conflicts, tooMany }: WrittenOrder = inWrittenOrder(rules);
  const resources: { readonly annotations: Labels; readonly rules: Written[] }[] = [];
  const open = new Map<string, (typeof resources)[number]>();
  const placeOf = new Map<number, Set<number>>();
  for (const [r, { rule, matches }] of ordered.entries()) {
    const annotations = annotationsOf(rule, kind);
    const key = JSON.stringify(annotations);
    const each = rule.filters.redirect?.pathPrefix === undefined ? MOST.matches : 1;
    for (const part of parts(matches, each)) {
      let resource = open.get(key);
      if (resource === undefined || resource.rules.length === MOST.rules) {
        resource = { annotations, rules: [] };
        resources.push(resource);
        open.set(key, resource);
      }
      resource.rules.push({ rule, matches: part });
      placeOf.set(r, (placeOf.get(r) ?? new Set()).add(resources.indexOf(resource)));
    }
  }
  const together = (a: number, b: number): boolean => {
    const places = new Set([...(placeOf.get(a) ?? []), ...(placeOf.get(b) ?? [])]);
    return places.size <= 1;
  };
  return {
    resources,
    conflicts: conflicts.filter(({ why, rules: [a, b] }) => why === "overtaken" || !together(a, b)),
    tooMany,
  };
}

/** A match without a condition makes the others of its rule needless: nothing later was left to be told from it. */
function parts(matches: readonly Match[], each: number): readonly (readonly Match[])[] {
  if (matches.some(isEverything)) return [[]];
  const chunks: Match[][] = [];
  for (let at = 0; at < matches.length; at += each) chunks.push(matches.slice(at, at + each));
  return chunks;
}
const isEverything = ({ uri, methods, headers, query, grpc }: Match): boolean =>
  uri === undefined && grpc === undefined && methods.length + headers.length + query.length === 0;
