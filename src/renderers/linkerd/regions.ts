import type { Operation } from "../../model/model";

/** Requests to one port: of a host, a path and a method, each of them or any. */
export interface Region {
  readonly host?: string;
  readonly path?: PathPattern;
  readonly method?: string;
}
export interface PathPattern {
  readonly kind: "exact" | "prefix" | "suffix";
  readonly value: string;
}
export const EVERYTHING: Region = {};

/** `/cart/*` takes /cart/ and what is below, not /cart itself: a prefix of the text, as everywhere in authorization. */
function patternOf(path: string): PathPattern | undefined {
  if (path === "*" || path === "/*") return undefined;
  if (path.startsWith("*")) return { kind: "suffix", value: path.slice(1) };
  return path.endsWith("*") ? { kind: "prefix", value: path.slice(0, -1) } : { kind: "exact", value: path };
}

/** Every combination of what an operation names. */
export function regionsOf({ hosts, paths, methods }: Operation): readonly Region[] {
  const each = (values: readonly string[]): readonly (string | undefined)[] =>
    values.length === 0 ? [undefined] : values;
  return each(hosts).flatMap((host) =>
    each(paths).flatMap((path) => {
      const pattern = path === undefined ? undefined : patternOf(path);
      return each(methods).map((method) => ({
        ...(host !== undefined && host !== "*" && { host: host.toLowerCase() }),
        ...(pattern !== undefined && { path: pattern }),
        ...(method !== undefined && { method }),
      }));
    }),
  );
}

export const keyOfRegion = ({ host, path, method }: Region): string =>
  JSON.stringify([host ?? null, path?.kind ?? null, path?.value ?? null, method ?? null]);

/** `never`: no request is in both. `unsaid`: some may be, and no single region says which. */
export type Shared<T> = T | "never" | "unsaid";

function either<T>(a: T | undefined, b: T | undefined, both: (a: T, b: T) => Shared<T>): Shared<T | undefined> {
  return a === undefined || b === undefined ? (a ?? b) : both(a, b);
}

const hostWithin = (host: string, wildcard: string): boolean =>
  wildcard.startsWith("*.") && host.length > wildcard.length - 1 && host.endsWith(wildcard.slice(1));
const sharedHosts = (a: string, b: string): Shared<string> =>
  a === b || hostWithin(a, b) ? a : hostWithin(b, a) ? b : "never";

function takes({ kind, value }: PathPattern, text: string): boolean {
  if (kind === "exact") return text === value;
  return kind === "prefix" ? text.startsWith(value) : text.endsWith(value);
}
function sharedPaths(a: PathPattern, b: PathPattern): Shared<PathPattern> {
  if (a.kind === "exact") return takes(b, a.value) ? a : "never";
  if (b.kind === "exact") return takes(a, b.value) ? b : "never";
  if (a.kind !== b.kind) return "unsaid";
  if (takes(b, a.value)) return a;
  return takes(a, b.value) ? b : "never";
}

export function shared(a: Region, b: Region): Shared<Region> {
  const host = either(a.host, b.host, sharedHosts);
  const method = either(a.method, b.method, (x, y) => (x === y ? x : "never"));
  const path = either(a.path, b.path, sharedPaths);
  if (host === "never" || method === "never" || path === "never") return "never";
  if (path === "unsaid") return "unsaid";
  return {
    ...(host !== undefined && { host }),
    ...(path !== undefined && { path }),
    ...(method !== undefined && { method }),
  };
}

export const covers = (outer: Region, inner: Region): boolean => {
  const both = shared(outer, inner);
  return typeof both === "object" && keyOfRegion(both) === keyOfRegion(inner);
};

const MOST_REGIONS = 256;

/** The regions and all that they share, so that the narrowest one that holds a request says all that is known of it. */
export function closed(regions: readonly Region[]): readonly Region[] {
  const all = new Map(regions.map((region) => [keyOfRegion(region), region]));
  const list = [...all.values()];
  for (let i = 0; i < list.length && list.length < MOST_REGIONS; i++)
    for (let j = 0; j < i; j++) {
      const [a, b] = [list[i], list[j]];
      const both = a === undefined || b === undefined ? "never" : shared(a, b);
      if (typeof both !== "object" || all.has(keyOfRegion(both))) continue;
      all.set(keyOfRegion(both), both);
      list.push(both);
    }
  return list;
}
