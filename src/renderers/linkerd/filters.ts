import type { HeaderChange, Labels, Match, Rule } from "../../model/model";
import { isPlain, takesPath, trimmed } from "./conjunction";

type Fields = Readonly<Record<string, unknown>>;

const pairs = (headers: Labels): readonly Fields[] => Object.entries(headers).map(([name, value]) => ({ name, value }));
function modifier({ set, add, remove }: HeaderChange): Fields {
  return {
    ...(Object.keys(set).length > 0 && { set: pairs(set) }),
    ...(Object.keys(add).length > 0 && { add: pairs(add) }),
    ...(remove.length > 0 && { remove }),
  };
}

/** Gateway API 1.2.1 has 301 and 302 only; where another was accepted as lost, the one that lasts as long is taken. */
export const REDIRECT_CODES: readonly number[] = [301, 302];
const codeOf = (code: number): number => (REDIRECT_CODES.includes(code) ? code : code === 308 ? 301 : 302);

/**
 * The prefix that was written is replaced; a match narrower than that keeps what lies between, and an exact path is
 * replaced whole. Undefined: a pattern, where nobody knows what was matched.
 */
export function replacedPath(rule: Rule, match: Match): Fields | undefined {
  const { pathFull, pathPrefix } = rule.filters.redirect ?? {};
  if (pathFull !== undefined) return { type: "ReplaceFullPath", replaceFullPath: pathFull };
  if (pathPrefix === undefined) return undefined;
  const { uri } = match;
  if (uri !== undefined && !isPlain(uri)) return undefined;
  const path = uri === undefined ? "" : uri.kind === "prefix" ? trimmed(uri.value) : uri.value;
  const written = rule.matches
    .flatMap((own) => (own.uri?.kind === "prefix" && takesPath(own.uri, path || "/") ? [trimmed(own.uri.value)] : []))
    .reduce((longest, prefix) => (prefix.length > longest.length ? prefix : longest), "");
  const rest = rule.matches.some((own) => own.uri?.kind === "exact" && own.uri.value === path)
    ? ""
    : path.slice(written.length);
  const replaced = `${trimmed(pathPrefix)}${rest}` || "/";
  return uri?.kind === "exact"
    ? { type: "ReplaceFullPath", replaceFullPath: replaced }
    : { type: "ReplacePrefixMatch", replacePrefixMatch: replaced };
}

/** Only what the controller reads: one filter of another type and it drops the whole route. */
export function filtersOf(rule: Rule, match: Match | undefined): readonly Fields[] {
  const { requestHeaders, responseHeaders, redirect } = rule.filters;
  const path = match === undefined ? undefined : replacedPath(rule, match);
  return [
    ...(requestHeaders === undefined
      ? []
      : [{ type: "RequestHeaderModifier", requestHeaderModifier: modifier(requestHeaders) }]),
    ...(responseHeaders === undefined
      ? []
      : [{ type: "ResponseHeaderModifier", responseHeaderModifier: modifier(responseHeaders) }]),
    ...(redirect === undefined
      ? []
      : [
          {
            type: "RequestRedirect",
            requestRedirect: {
              ...(redirect.scheme !== undefined && { scheme: redirect.scheme }),
              ...(redirect.host !== undefined && { hostname: redirect.host }),
              ...(redirect.port !== undefined && { port: redirect.port }),
              ...(path !== undefined && { path }),
              statusCode: codeOf(redirect.code),
            },
          },
        ]),
  ];
}
