import type { Match, PathMatch, Rule, ValueMatch } from "../../model/model";
import { MOST_CONDITIONS } from "./units";

/** App Mesh's API model, 2019-01-25. */
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"]);
const LONGEST = { path: 255, value: 255, header: 50, grpcMethod: 50 } as const;

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/**
 * App Mesh's `prefix` is plain text, while the model's ends on a segment boundary: `/v1` is written twice, as the exact
 * path `/v1` and as the prefix `/v1/`. Case is ignored by regular expressions alone.
 */
export function paths(uri: PathMatch | undefined): readonly object[] {
  if (uri === undefined) return [{ prefix: "/" }];
  if (uri.kind === "regex") return [{ path: { regex: uri.ignoreCase ? `(?i)${uri.value}` : uri.value } }];
  const base = uri.value.replace(/\/+$/, "");
  if (uri.kind === "prefix" && base === "") return [{ prefix: "/" }];
  if (uri.ignoreCase)
    return [{ path: { regex: uri.kind === "exact" ? `(?i)${literal(uri.value)}` : `(?i)${literal(base)}(/.*)?` } }];
  return uri.kind === "exact" ? [{ path: { exact: uri.value } }] : [{ path: { exact: base } }, { prefix: `${base}/` }];
}

const condition = (match: ValueMatch): object => ({
  name: match.name,
  ...(match.negate && { invert: true }),
  ...(match.kind !== "present" && { match: { [match.kind]: match.value } }),
});
const conditions = (key: string, matches: readonly ValueMatch[]): object =>
  matches.length === 0 ? {} : { [key]: matches.map(condition) };

/** Why App Mesh cannot write a match, beyond what the capability table says of single features. */
export function tooMuch(match: Match): string | undefined {
  const long = [...match.headers, ...match.query].find(({ value }) => value.length > LONGEST.value);
  if (long !== undefined) return `the value of ${long.name} is longer than ${LONGEST.value} characters`;
  const name = match.headers.find((header) => header.name.length > LONGEST.header)?.name;
  if (name !== undefined) return `the header name ${name} is longer than ${LONGEST.header} characters`;
  if (match.headers.length > MOST_CONDITIONS) return `it asks for more than ${MOST_CONDITIONS} headers`;
  if (match.query.length > MOST_CONDITIONS) return `it asks for more than ${MOST_CONDITIONS} query parameters`;
  const method = match.methods.find((each) => !METHODS.has(each));
  if (method !== undefined) return `it does not know the method ${method}`;
  if ((match.uri?.value.length ?? 0) >= LONGEST.path) return `its path is longer than ${LONGEST.path - 1} characters`;
  if (match.grpc?.method !== undefined && match.grpc.service === undefined)
    return "it asks for a gRPC method without its service";
  if ((match.grpc?.method?.length ?? 0) > LONGEST.grpcMethod)
    return `its gRPC method is longer than ${LONGEST.grpcMethod} characters`;
  return undefined;
}

/** Whether App Mesh can write it. A match it cannot write is left out: it must not become one that takes more. */
export const writable = (match: Match): boolean =>
  match.source === undefined &&
  match.query.every((parameter) => parameter.kind === "exact" && !parameter.negate) &&
  tooMuch(match) === undefined;

const all: Match = { path: "", methods: [], headers: [], query: [], sni: [] };
const written = (rule: Rule): readonly Match[] => (rule.matches.length === 0 ? [all] : rule.matches.filter(writable));

/** Each of these is a route of its own: App Mesh takes one path and one method a match. */
export const httpMatches = (rule: Rule): readonly object[] =>
  written(rule).flatMap((match) =>
    paths(match.uri).flatMap((path) =>
      (match.methods.length === 0 ? [undefined] : match.methods).map((method) => ({
        ...path,
        ...(method !== undefined && { method }),
        ...conditions("headers", match.headers),
        ...conditions("queryParameters", match.query),
      })),
    ),
  );

/** A header of gRPC is its metadata. */
export const grpcMatches = (rule: Rule): readonly object[] =>
  written(rule).map((match) => ({
    ...(match.grpc?.service !== undefined && { serviceName: match.grpc.service }),
    ...(match.grpc?.method !== undefined && { methodName: match.grpc.method }),
    ...conditions("metadatas", match.headers),
  }));
