import type { Match, PathMatch, Rule } from "../../model/model";

/** Lattice's API model, 2022-11-30. */
const PATH = /^\/[a-zA-Z0-9@:%_+.~#?&/=-]*$/;
const LONGEST = { path: 200, header: 200, headerName: 100, method: 16 } as const;
const MOST_HEADERS = 5;

type LatticePath = { readonly exact: string } | { readonly prefix: string };

/** Lattice's prefix is plain text; the model's ends on a segment boundary: the exact path, and the prefix with a slash. */
function paths(uri: PathMatch | undefined): readonly (LatticePath | undefined)[] {
  if (uri === undefined) return [undefined];
  if (uri.kind === "exact") return [{ exact: uri.value }];
  const base = uri.value.replace(/\/+$/, "");
  return base === "" ? [undefined] : [{ exact: base }, { prefix: `${base}/` }];
}

/** gRPC's method is a path: `/package.Service/Method`. */
function grpcPath({ grpc }: Match): readonly (LatticePath | undefined)[] {
  if (grpc?.service === undefined) return [undefined];
  return [grpc.method === undefined ? { prefix: `/${grpc.service}/` } : { exact: `/${grpc.service}/${grpc.method}` }];
}
const pathsOf = (match: Match, kind: "http" | "grpc"): readonly (LatticePath | undefined)[] =>
  kind === "grpc" ? grpcPath(match) : paths(match.uri);

/** Why Lattice cannot write a match, beyond what the capability table says of single features. */
export function tooMuch(match: Match): string | undefined {
  const path = [...(match.uri?.kind === "regex" ? [] : paths(match.uri)), ...grpcPath(match)]
    .flatMap((each) => (each === undefined ? [] : Object.values(each)))
    .find((text: string) => text.length > LONGEST.path || !PATH.test(text));
  if (path !== undefined)
    return `a path is at most ${LONGEST.path} of the characters a-z A-Z 0-9 @ : % _ + . ~ # ? & / = -`;
  const header = match.headers.find(
    ({ name, value, kind }) =>
      name.length > LONGEST.headerName || value.length > LONGEST.header || (kind !== "present" && value === ""),
  );
  if (header !== undefined)
    return `the header ${header.name} has a name over ${LONGEST.headerName} characters, or a value that is empty or over ${LONGEST.header}`;
  const method = match.methods.find((each) => each.length > LONGEST.method);
  if (method !== undefined) return `the method ${method} is longer than ${LONGEST.method} characters`;
  if (match.grpc?.method !== undefined && match.grpc.service === undefined)
    return "it asks for a gRPC method without its service";
  return undefined;
}

/** Whether Lattice can write it. A match it cannot write is left out: it must not become one that takes more. */
const writable = (match: Match): boolean =>
  match.source === undefined &&
  match.uri?.kind !== "regex" &&
  match.query.length === 0 &&
  match.headers.length <= MOST_HEADERS &&
  match.headers.every(({ kind, negate }) => !negate && (kind === "exact" || kind === "prefix")) &&
  tooMuch(match) === undefined;

/** Values compare as the model does, case and all. */
const headerMatches = ({ headers }: Match): object =>
  headers.length === 0
    ? {}
    : {
        headerMatches: headers.map(({ name, kind, value }) => ({
          name,
          caseSensitive: true,
          match: { [kind]: value },
        })),
      };

/** The matches of one rule, each a listener rule; none where a match takes everything: that is the default action. */
export const matchesOf = (rule: Rule, kind: "http" | "grpc"): readonly object[] =>
  rule.matches.filter(writable).flatMap((match) =>
    pathsOf(match, kind).flatMap((path) =>
      (match.methods.length === 0 ? [undefined] : match.methods).flatMap((method) => {
        const http = {
          ...(path !== undefined && {
            pathMatch: { caseSensitive: match.uri?.ignoreCase !== true, match: path },
          }),
          ...(method !== undefined && { method }),
          ...headerMatches(match),
        };
        return Object.keys(http).length === 0 ? [] : [{ httpMatch: http }];
      }),
    ),
  );

/** Does the rule take whatever no earlier one took? */
export const takesAll = (rule: Rule, kind: "http" | "grpc"): boolean =>
  rule.matches.length === 0 ||
  rule.matches
    .filter(writable)
    .some(
      (match) => pathsOf(match, kind).includes(undefined) && match.methods.length === 0 && match.headers.length === 0,
    );
