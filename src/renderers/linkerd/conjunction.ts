import { RE2JS } from "re2js";
import type { Match, PathMatch, ValueMatch } from "../../model/model";

/** `never`: they hold together for no request. `unsaid`: they may, but no single match says so. */
export type Joined<T> = T | "never" | "unsaid";

export const trimmed = (prefix: string): string => prefix.replace(/\/+$/, "");
const isRoot = ({ kind, value }: PathMatch): boolean => kind === "prefix" && trimmed(value) === "";
/** One whose value is a plain text to compare with. */
export const isPlain = ({ kind, ignoreCase }: PathMatch): boolean => kind !== "regex" && !ignoreCase;

const compiled = new Map<string, RE2JS>();
function regex(pattern: string, ignoreCase: boolean): RE2JS {
  const key = `${ignoreCase ? "i" : "c"}${pattern}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const made = RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  compiled.set(key, made);
  return made;
}

const within = (path: string, prefix: string): boolean => {
  const base = trimmed(prefix);
  return path === base || path.startsWith(`${base}/`);
};

/** Does a path match, as the model means it: a prefix on a segment boundary, a regular expression over the whole? */
export function takesPath(uri: PathMatch, path: string): boolean {
  const [value, given] = uri.ignoreCase ? [uri.value.toLowerCase(), path.toLowerCase()] : [uri.value, path];
  if (uri.kind === "regex") return regex(uri.value, uri.ignoreCase).matches(path);
  return uri.kind === "exact" ? given === value : within(given, value);
}

/** Does a value match, negation aside? */
export function takesValue(match: ValueMatch, value: string): boolean {
  switch (match.kind) {
    case "exact":
      return value === match.value;
    case "prefix":
      return value.startsWith(match.value);
    case "suffix":
      return value.endsWith(match.value);
    case "regex":
      return regex(match.value, false).matches(value);
    case "present":
      return true;
  }
}

/** How every path that a match takes begins, capitals aside. */
function beginning({ kind, value }: PathMatch): string {
  if (kind === "prefix") return trimmed(value).toLowerCase();
  if (kind === "exact") return value.toLowerCase();
  const plain = /^[^\\^$.*+?()[\]{}|]*/.exec(value)?.[0] ?? "";
  // An alternative may begin in another way, and the last character may be optional.
  if (value.includes("|") && !/^[^|]*\([^()]*\)[^|]*$/.test(value)) return "";
  return (plain.length === value.length ? plain : plain.slice(0, -1)).toLowerCase();
}
const apart = (a: PathMatch, b: PathMatch): boolean => {
  const [x, y] = [beginning(a), beginning(b)];
  return !x.startsWith(y) && !y.startsWith(x);
};

function joinPaths(a: PathMatch, b: PathMatch): Joined<PathMatch> {
  if (a.kind === b.kind && a.value === b.value && a.ignoreCase === b.ignoreCase) return a;
  if (isRoot(a)) return b;
  if (isRoot(b)) return a;
  if (a.kind === "exact" && isPlain(a)) return takesPath(b, a.value) ? a : "never";
  if (b.kind === "exact" && isPlain(b)) return takesPath(a, b.value) ? b : "never";
  if (!isPlain(a) || !isPlain(b)) return apart(a, b) ? "never" : "unsaid";
  if (within(trimmed(a.value), b.value)) return a;
  return within(trimmed(b.value), a.value) ? b : "never";
}

/** Gateway API takes a name once in a match, so two conditions on one name fold into one, or exclude each other. */
function joinValue(a: ValueMatch, b: ValueMatch): Joined<ValueMatch> {
  if (a.kind === b.kind && a.value === b.value) return a;
  if (a.kind === "present") return b;
  if (b.kind === "present") return a;
  if (a.kind === "exact") return takesValue(b, a.value) ? a : "never";
  if (b.kind === "exact") return takesValue(a, b.value) ? b : "never";
  return "unsaid";
}

function joinValues(
  a: readonly ValueMatch[],
  b: readonly ValueMatch[],
  keyOf: (name: string) => string,
): Joined<readonly ValueMatch[]> {
  if (a.length + b.length === 0) return a;
  const joined = new Map(a.map((match) => [keyOf(match.name), match]));
  for (const match of b) {
    const same = joined.get(keyOf(match.name));
    const one = same === undefined ? match : joinValue(same, match);
    if (one === "never" || one === "unsaid") return one;
    joined.set(keyOf(match.name), one);
  }
  return [...joined.values()];
}

function joinOne<T>(a: T | undefined, b: T | undefined): Joined<T | undefined> {
  return a === undefined || b === undefined || a === b ? (a ?? b) : "never";
}

const lower = (name: string): string => name.toLowerCase();
const asWritten = (name: string): string => name;

/** What both matches ask, as one match. Each names at most one method, and negates nothing. */
export function conjunction(a: Match, b: Match): Joined<Match> {
  // One that never holds is found soonest in what is cheapest to ask.
  const uri = a.uri === undefined || b.uri === undefined ? (a.uri ?? b.uri) : joinPaths(a.uri, b.uri);
  if (uri === "never") return "never";
  const service = joinOne(a.grpc?.service, b.grpc?.service);
  const rpc = joinOne(a.grpc?.method, b.grpc?.method);
  const method = joinOne(a.methods[0], b.methods[0]);
  if (service === "never" || rpc === "never" || method === "never") return "never";
  const headers = joinValues(a.headers, b.headers, lower);
  const query = joinValues(a.query, b.query, asWritten);
  if (headers === "never" || query === "never") return "never";
  if (uri === "unsaid" || headers === "unsaid" || query === "unsaid") return "unsaid";
  const grpc = { ...(service !== undefined && { service }), ...(rpc !== undefined && { method: rpc }) };
  return {
    path: a.path,
    methods: method === undefined ? [] : [method],
    headers,
    query,
    sni: [],
    ...(uri !== undefined && { uri }),
    ...(Object.keys(grpc).length > 0 && { grpc }),
  };
}

/** Whether two matches ask the same; most differ in how much they ask. */
export const sameMatch = (a: Match, b: Match): boolean =>
  a.methods.length === b.methods.length &&
  a.headers.length === b.headers.length &&
  a.query.length === b.query.length &&
  keyOfMatch(a) === keyOfMatch(b);

/** The same for two matches that ask the same. */
export function keyOfMatch(match: Match): string {
  const known = keys.get(match);
  if (known !== undefined) return known;
  const key = keyFor(match);
  keys.set(match, key);
  return key;
}
const keys = new WeakMap<Match, string>();

function keyFor({ uri, methods, headers, query, grpc }: Match): string {
  const values = (matches: readonly ValueMatch[], keyOf: (name: string) => string): readonly string[] =>
    matches.map(({ name, kind, value }) => JSON.stringify([keyOf(name), kind, value])).sort();
  const path =
    uri === undefined || isRoot(uri)
      ? ""
      : [uri.kind, uri.ignoreCase, uri.kind === "prefix" ? trimmed(uri.value) : uri.value];
  return JSON.stringify([path, methods, values(headers, lower), values(query, asWritten), grpc?.service, grpc?.method]);
}
