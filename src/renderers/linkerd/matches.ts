import type { Match, PathMatch, ValueMatch } from "../../model/model";
import { trimmed } from "./conjunction";

type Fields = Readonly<Record<string, unknown>>;

/** Rust's regular expressions and RE2 agree on these; a literal's special characters are escaped. */
export const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
/**
 * The proxy takes a pattern's leftmost find and asks whether that is the whole value: `a|ab` would find `a` in `ab` and
 * give up. Anchors make it look for the whole from the start.
 */
export const anchored = (pattern: string): string => `^(?:${pattern})$`;

/** What Gateway API 1.2.1 takes as an exact path or a prefix (its CEL rules); any other path is written as a pattern. */
const PLAIN_PATH = /^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+$/;
const ODD_PATH = /\/\/|\/\.\/|\/\.\.\/|%2f|\/\.\.?$/i;
const isGatewayPath = (path: string): boolean => PLAIN_PATH.test(path) && !ODD_PATH.test(path);

/** Gateway API's PathPrefix ends on a segment boundary, as the model's does. */
export function pathOf(uri: PathMatch | undefined): Fields {
  if (uri === undefined) return {};
  const { kind, ignoreCase } = uri;
  const value = kind === "prefix" ? trimmed(uri.value) : uri.value;
  if (kind === "prefix" && value === "") return { path: { type: "PathPrefix", value: "/" } };
  if (kind === "regex" || ignoreCase || !isGatewayPath(value)) {
    const pattern = kind === "regex" ? value : kind === "exact" ? literal(value) : `${literal(value)}(/.*)?`;
    return { path: { type: "RegularExpression", value: `${ignoreCase ? "(?i)" : ""}${anchored(pattern)}` } };
  }
  return { path: { type: kind === "exact" ? "Exact" : "PathPrefix", value } };
}

/** Exact, or a regular expression over the whole value; Linkerd has nothing between and no negation. */
function valueOf(match: ValueMatch): Fields {
  switch (match.kind) {
    case "exact":
      // Gateway API wants at least one character; no value is a pattern too.
      return match.value === ""
        ? { type: "RegularExpression", name: match.name, value: "^$" }
        : { type: "Exact", name: match.name, value: match.value };
    case "prefix":
      return { type: "RegularExpression", name: match.name, value: anchored(`${literal(match.value)}.*`) };
    case "suffix":
      return { type: "RegularExpression", name: match.name, value: anchored(`.*${literal(match.value)}`) };
    case "regex":
      return { type: "RegularExpression", name: match.name, value: anchored(match.value) };
    case "present":
      return { type: "RegularExpression", name: match.name, value: ".*" };
  }
}
/** Of a match with one method at most, and no negation (`singleMatches`). */
export function httpMatch({ uri, methods, headers, query }: Match): Fields {
  return {
    ...pathOf(uri),
    ...(headers.length > 0 && { headers: headers.map(valueOf) }),
    ...(query.length > 0 && { queryParams: query.map(valueOf) }),
    ...(methods[0] !== undefined && { method: methods[0] }),
  };
}

export function grpcMatch({ grpc, headers }: Match): Fields {
  return {
    ...(grpc !== undefined && { method: { type: "Exact", ...grpc } }),
    ...(headers.length > 0 && { headers: headers.map(valueOf) }),
  };
}
