import type { Match, PathMatch, Rule } from "../../model/model";

type LatticePath = { readonly exact: string } | { readonly prefix: string };

/** Lattice's prefix is plain text; the model's ends on a segment boundary: the exact path, and the prefix with a slash. */
function paths(uri: PathMatch | undefined): readonly (LatticePath | undefined)[] {
  if (uri === undefined || uri.kind === "regex") return [undefined];
  if (uri.kind === "exact") return [{ exact: uri.value }];
  const base = uri.value.replace(/\/+$/, "");
  return base === "" ? [undefined] : [{ exact: base }, { prefix: `${base}/` }];
}

const pathMatch = (path: LatticePath, ignoreCase: boolean): object => ({
  pathMatch: { caseSensitive: !ignoreCase, match: path },
});

/** Values compare as the model does, case and all. What Lattice cannot ask of a header is an accepted loss. */
function headerMatches(match: Match): object {
  const said = match.headers.filter(
    (header) => !header.negate && (header.kind === "exact" || header.kind === "prefix"),
  );
  return said.length === 0
    ? {}
    : {
        headerMatches: said.map((header) => ({
          name: header.name,
          caseSensitive: true,
          match: { [header.kind]: header.value },
        })),
      };
}

/** gRPC's method is a path: `/package.Service/Method`. */
function grpcPath(match: Match): readonly (LatticePath | undefined)[] {
  if (match.grpc?.service === undefined) return [undefined];
  const { service, method } = match.grpc;
  return [method === undefined ? { prefix: `/${service}/` } : { exact: `/${service}/${method}` }];
}

/** The matches of one rule, each a listener rule; empty when the rule takes everything: that is the default action. */
export function matchesOf(rule: Rule, kind: "http" | "grpc"): readonly object[] {
  return rule.matches.flatMap((match) =>
    (kind === "grpc" ? grpcPath(match) : paths(match.uri)).flatMap((path) =>
      (match.methods.length === 0 ? [undefined] : match.methods).flatMap((method) => {
        const http = {
          ...(path !== undefined && pathMatch(path, match.uri?.ignoreCase ?? false)),
          ...(method !== undefined && { method }),
          ...headerMatches(match),
        };
        return Object.keys(http).length === 0 ? [] : [{ httpMatch: http }];
      }),
    ),
  );
}

/** Does the rule take whatever no earlier one took? */
export const takesAll = (rule: Rule): boolean =>
  rule.matches.length === 0 ||
  rule.matches.some(
    (match) =>
      (match.uri === undefined || (match.uri.kind === "prefix" && match.uri.value.replace(/\/+$/, "") === "")) &&
      match.methods.length === 0 &&
      match.headers.length === 0 &&
      match.query.length === 0 &&
      match.grpc?.service === undefined,
  );
