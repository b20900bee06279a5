import type { Match, PathMatch, ValueMatch } from "../../model/model";

type Fields = Readonly<Record<string, unknown>>;

/** Rust's regular expressions and RE2 agree on these; a literal's special characters are escaped. */
const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** Gateway API's PathPrefix ends on a segment boundary, as the model's does. */
export function pathOf(uri: PathMatch | undefined): Fields {
  if (uri === undefined) return {};
  const { kind, value } = uri;
  if (uri.ignoreCase) {
    const pattern = kind === "regex" ? value : kind === "exact" ? literal(value) : `${literal(trimmed(value))}(/.*)?`;
    return { path: { type: "RegularExpression", value: `(?i)${pattern}` } };
  }
  const type = { exact: "Exact", prefix: "PathPrefix", regex: "RegularExpression" }[kind];
  return { path: { type, value: kind === "prefix" ? trimmed(value) || "/" : value } };
}
const trimmed = (prefix: string): string => prefix.replace(/\/+$/, "");

/** Exact, or a regular expression over the whole value; Linkerd has nothing between and no negation. */
function valueOf(match: ValueMatch): Fields {
  switch (match.kind) {
    case "exact":
      return { type: "Exact", name: match.name, value: match.value };
    case "prefix":
      return { type: "RegularExpression", name: match.name, value: `${literal(match.value)}.*` };
    case "suffix":
      return { type: "RegularExpression", name: match.name, value: `.*${literal(match.value)}` };
    case "regex":
      return { type: "RegularExpression", name: match.name, value: match.value };
    case "present":
      return { type: "RegularExpression", name: match.name, value: ".*" };
  }
}
const values = (matches: readonly ValueMatch[]): readonly Fields[] =>
  matches.filter((match) => !match.negate).map(valueOf);

export function httpMatches(match: Match): readonly Fields[] {
  const headers = values(match.headers);
  const queryParams = values(match.query);
  const common = {
    ...pathOf(match.uri),
    ...(headers.length > 0 && { headers }),
    ...(queryParams.length > 0 && { queryParams }),
  };
  return match.methods.length === 0 ? [common] : match.methods.map((method) => ({ ...common, method }));
}

export function grpcMatches(match: Match): readonly Fields[] {
  const headers = values(match.headers);
  const method = match.grpc === undefined ? undefined : { type: "Exact", ...match.grpc };
  return [{ ...(method !== undefined && { method }), ...(headers.length > 0 && { headers }) }];
}
