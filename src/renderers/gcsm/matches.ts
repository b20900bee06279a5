import type { Match, PathMatch, Rule, ValueMatch } from "../../model/model";

type Fields = Readonly<Record<string, unknown>>;

/** prefixMatch is plain text; the model's prefix ends on a segment boundary: the exact path, and the prefix with a slash. */
function paths(uri: PathMatch | undefined): readonly Fields[] {
  if (uri === undefined) return [{ prefixMatch: "/" }];
  const ignoreCase = uri.ignoreCase ? { ignoreCase: true } : {};
  if (uri.kind === "exact") return [{ fullPathMatch: uri.value, ...ignoreCase }];
  if (uri.kind === "regex") return [{ regexMatch: uri.ignoreCase ? `(?i)${uri.value}` : uri.value }];
  const base = uri.value.replace(/\/+$/, "");
  if (base === "") return [{ prefixMatch: "/" }];
  return [
    { fullPathMatch: base, ...ignoreCase },
    { prefixMatch: `${base}/`, ...ignoreCase },
  ];
}

const kinds = { exact: "exactMatch", prefix: "prefixMatch", suffix: "suffixMatch", regex: "regexMatch" } as const;
const header = (match: ValueMatch): Fields => ({
  header: match.name,
  ...(match.kind === "present" ? { presentMatch: true } : { [kinds[match.kind]]: match.value }),
  ...(match.negate && { invertMatch: true }),
});

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
function query(match: ValueMatch): Fields {
  const parameter = { queryParameter: match.name };
  switch (match.kind) {
    case "exact":
      return { ...parameter, exactMatch: match.value };
    case "present":
      return { ...parameter, presentMatch: true };
    case "prefix":
      return { ...parameter, regexMatch: `${literal(match.value)}.*` };
    case "suffix":
      return { ...parameter, regexMatch: `.*${literal(match.value)}` };
    case "regex":
      return { ...parameter, regexMatch: match.value };
  }
}

const all: Match = { path: "", methods: [], headers: [], query: [], sni: [] };
const matchesOf = (rule: Rule): readonly Match[] => (rule.matches.length === 0 ? [all] : rule.matches);

export const httpMatches = (rule: Rule): readonly Fields[] =>
  matchesOf(rule).flatMap((match) => {
    const parameters = match.query.filter((parameter) => !parameter.negate).map(query);
    const headers = match.headers.map(header);
    return paths(match.uri).map((path) => ({
      ...path,
      ...(headers.length > 0 && { headers }),
      ...(parameters.length > 0 && { queryParameters: parameters }),
    }));
  });

/** A gRPC header is exact or a regular expression; a method is asked with its service. */
export function grpcMatches(rule: Rule): readonly Fields[] {
  return rule.matches.flatMap((match) => {
    const headers = match.headers
      .filter((each) => !each.negate)
      .map((each) => ({ key: each.name, ...grpcValue(each) }));
    const { service, method } = match.grpc ?? {};
    const fields = {
      ...(service !== undefined &&
        method !== undefined && { method: { grpcService: service, grpcMethod: method, caseSensitive: true } }),
      ...(headers.length > 0 && { headers }),
    };
    return Object.keys(fields).length === 0 ? [] : [fields];
  });
}
function grpcValue({ kind, value }: ValueMatch): Fields {
  switch (kind) {
    case "exact":
      return { type: "EXACT", value };
    case "regex":
      return { type: "REGULAR_EXPRESSION", value };
    case "prefix":
      return { type: "REGULAR_EXPRESSION", value: `${literal(value)}.*` };
    case "suffix":
      return { type: "REGULAR_EXPRESSION", value: `.*${literal(value)}` };
    case "present":
      return { type: "REGULAR_EXPRESSION", value: ".*" };
  }
}
