import type { Match, PathMatch, ValueMatch } from "../model/model";

/**
 * Whether everything that `narrow` matches is matched by `wide` as well. Answers yes only where it is certain:
 * regular expressions cover what is written the same, or everything.
 */
export function covers(wide: Match, narrow: Match): boolean {
  return (
    wide.headers.length <= narrow.headers.length &&
    wide.query.length <= narrow.query.length &&
    coversPath(wide.uri, narrow.uri) &&
    subset(wide.methods, narrow.methods) &&
    wide.headers.every((a) => narrow.headers.some((b) => coversValue(a, b, true))) &&
    wide.query.every((a) => narrow.query.some((b) => coversValue(a, b, false))) &&
    (wide.grpc?.service === undefined || wide.grpc.service === narrow.grpc?.service) &&
    (wide.grpc?.method === undefined || wide.grpc.method === narrow.grpc?.method) &&
    subset(wide.sni, narrow.sni) &&
    (wide.source?.service === undefined ||
      (wide.source.service.name === narrow.source?.service?.name &&
        wide.source.service.namespace === narrow.source.service.namespace)) &&
    (wide.source?.namespace === undefined ||
      wide.source.namespace === (narrow.source?.namespace ?? narrow.source?.service?.namespace))
  );
}

/** Whether it takes every request. */
export const matchesAll = (match: Match): boolean => covers(match, nothing);
const nothing: Match = { path: "", methods: [], headers: [], query: [], sni: [] };

/** An empty list means everything. */
const subset = (wide: readonly string[], narrow: readonly string[]): boolean =>
  wide.length === 0 || (narrow.length > 0 && narrow.every((value) => wide.includes(value)));

const everything = new Set([".*", "/.*", "^.*$", "^/.*$"]);
const isEverything = (path: PathMatch) =>
  (path.kind === "prefix" && path.value === "/") || (path.kind === "regex" && everything.has(path.value));

/** Prefixes end on a segment boundary. */
export function underPrefix(prefix: string, path: string): boolean {
  const end = prefix.endsWith("/") ? prefix.length - 1 : prefix.length;
  return path.startsWith(prefix.slice(0, end)) && (path.length === end || path[end] === "/");
}

function coversPath(wide: PathMatch | undefined, narrow: PathMatch | undefined): boolean {
  if (!wide || isEverything(wide)) return true;
  if (!narrow || (narrow.ignoreCase && !wide.ignoreCase)) return false;
  const a = wide.ignoreCase ? wide.value.toLowerCase() : wide.value;
  const b = wide.ignoreCase ? narrow.value.toLowerCase() : narrow.value;
  if (wide.kind === "prefix") return narrow.kind !== "regex" && underPrefix(a, b);
  return wide.kind === narrow.kind && a === b;
}

function coversValue(wide: ValueMatch, narrow: ValueMatch, foldName: boolean): boolean {
  const sameName = wide.name === narrow.name || (foldName && wide.name.toLowerCase() === narrow.name.toLowerCase());
  if (!sameName || wide.negate !== narrow.negate) return false;
  if (wide.kind === narrow.kind && wide.value === narrow.value) return true;
  if (wide.negate) return false;
  if (wide.kind === "present") return true;
  const [a, b] = [wide.value, narrow.value];
  if (wide.kind === "prefix") return (narrow.kind === "exact" || narrow.kind === "prefix") && b.startsWith(a);
  if (wide.kind === "suffix") return (narrow.kind === "exact" || narrow.kind === "suffix") && b.endsWith(a);
  return false;
}
