import type { Match, PathMatch, Rule, ValueMatch } from "../../model/model";

/**
 * App Mesh's `prefix` is a plain text prefix, while the model's ends on a segment boundary: `/v1` is written twice,
 * as the exact path `/v1` and as the prefix `/v1/`.
 */
export function paths(uri: PathMatch | undefined): readonly object[] {
  if (uri === undefined) return [{ prefix: "/" }];
  if (uri.kind === "exact") return [{ path: { exact: uri.value } }];
  if (uri.kind === "regex") return [{ path: { regex: uri.value } }];
  const base = uri.value.replace(/\/+$/, "");
  return base === "" ? [{ prefix: "/" }] : [{ path: { exact: base } }, { prefix: `${base}/` }];
}

const value = (match: ValueMatch): object => (match.kind === "present" ? {} : { match: { [match.kind]: match.value } });
const headers = (match: Match): object =>
  match.headers.length === 0
    ? {}
    : {
        headers: match.headers.map((header) => ({
          name: header.name,
          ...(header.negate && { invert: true }),
          ...value(header),
        })),
      };

/** A header of gRPC is its metadata. */
const metadata = (match: Match): object =>
  match.headers.length === 0
    ? {}
    : {
        metadatas: match.headers.map((header) => ({
          name: header.name,
          ...(header.negate && { invert: true }),
          ...value(header),
        })),
      };
/** Only an exact value can be asked of a query parameter, or that it is there. */
const query = (match: Match): object => {
  const parameters = match.query.filter(
    (parameter) => !parameter.negate && (parameter.kind === "exact" || parameter.kind === "present"),
  );
  return parameters.length === 0
    ? {}
    : { queryParameters: parameters.map((parameter) => ({ name: parameter.name, ...value(parameter) })) };
};

const all: Match = { path: "", methods: [], headers: [], query: [], sni: [] };

/** Each of these is a route of its own: App Mesh takes one path and one method a match. */
export function httpMatches(rule: Rule): readonly object[] {
  const matches = rule.matches.length === 0 ? [all] : rule.matches;
  return matches.flatMap((match) =>
    paths(match.uri).flatMap((path) =>
      (match.methods.length === 0 ? [undefined] : match.methods).map((method) => ({
        ...path,
        ...(method !== undefined && { method }),
        ...headers(match),
        ...query(match),
      })),
    ),
  );
}
export function grpcMatches(rule: Rule): readonly object[] {
  const matches = rule.matches.length === 0 ? [all] : rule.matches;
  return matches.map((match) => ({
    ...(match.grpc?.service !== undefined && { serviceName: match.grpc.service }),
    ...(match.grpc?.method !== undefined && { methodName: match.grpc.method }),
    ...metadata(match),
  }));
}
