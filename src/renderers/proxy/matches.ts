import type { Match, PathMatch, Rule, ValueMatch } from "../../model/model";
import { escapeRegex, type Message } from "./envoy";

/** A prefix without the slash at its end: the model's prefixes end on a segment boundary either way. */
export const bare = (prefix: string): string => prefix.replace(/\/+$/, "");

function path(uri: PathMatch): Message {
  const caseless = uri.ignoreCase ? { case_sensitive: false } : {};
  if (uri.kind === "exact") return { path: uri.value, ...caseless };
  if (uri.kind === "regex") return { safe_regex: { regex: uri.ignoreCase ? `(?i)${uri.value}` : uri.value } };
  const prefix = bare(uri.value);
  // Every path begins with "/", and Envoy refuses "/" as a separated prefix.
  return prefix === "" ? { prefix: "/" } : { path_separated_prefix: prefix, ...caseless };
}

function stringMatch(match: ValueMatch): Message {
  if (match.kind === "regex") return { string_match: { safe_regex: { regex: match.value } } };
  return { string_match: { [match.kind]: match.value } };
}

function header(match: ValueMatch): Message {
  if (match.kind === "present") return { name: match.name, present_match: !match.negate };
  if (!match.negate) return { name: match.name, ...stringMatch(match) };
  // "Is not x" holds where the header is missing; Envoy alone would say that nothing matches a missing header.
  return { name: match.name, ...stringMatch(match), invert_match: true, treat_missing_header_as_empty: true };
}

/** What cannot be written is left out: it must not become a match that takes more. The capability table reports it. */
export const writable = (match: Match): boolean => match.query.every(({ negate }) => !negate);

const query = (match: ValueMatch): Message =>
  match.kind === "present" ? { name: match.name, present_match: true } : { name: match.name, ...stringMatch(match) };

const method = (methods: readonly string[]): Message =>
  methods.length === 1
    ? { name: ":method", string_match: { exact: methods[0] } }
    : { name: ":method", string_match: { safe_regex: { regex: methods.map(escapeRegex).join("|") } } };

/** gRPC's paths are `/package.Service/Method`. */
function grpcPath(grpc: NonNullable<Match["grpc"]>): Message {
  if (grpc.service !== undefined && grpc.method !== undefined) return { path: `/${grpc.service}/${grpc.method}` };
  if (grpc.service !== undefined) return { prefix: `/${grpc.service}/` };
  if (grpc.method !== undefined) return { safe_regex: { regex: `/[^/]+/${escapeRegex(grpc.method)}` } };
  return { prefix: "/" };
}

/** One match of the model as Envoy's RouteMatch: all conditions must hold. */
export function routeMatch(match: Match, kind: "http" | "grpc"): Message {
  const headers = [...(match.methods.length > 0 ? [method(match.methods)] : []), ...match.headers.map(header)];
  const where =
    kind === "grpc" ? { ...grpcPath(match.grpc ?? {}), grpc: {} } : match.uri ? path(match.uri) : { prefix: "/" };
  return {
    ...where,
    ...(headers.length > 0 ? { headers } : {}),
    ...(match.query.length > 0 ? { query_parameters: match.query.map(query) } : {}),
  };
}

/** A rule without matches takes everything. */
export const anything = (rule: Rule): Match => ({
  path: rule.path,
  methods: [],
  headers: [],
  query: [],
  sni: [],
});
