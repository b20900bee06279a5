import type { Filters, Match } from "../../model/model";
import { escapeRegex, type Message } from "./envoy";
import { bare } from "./matches";

/** The prefix that a match replaces; everything else is replaced from the root. */
const matchedPrefix = (match: Match): string => (match.uri?.kind === "prefix" ? bare(match.uri.value) : "");

/**
 * `/v1` → `/new` gives `/v1/x` → `/new/x` and `/v1` → `/new`. Envoy's own prefix_rewrite would leave two slashes where
 * the new prefix ends in one, and none where the old one is the root, so those go by pattern.
 */
function prefixRewrite(match: Match, replacement: string): Message {
  const from = matchedPrefix(match);
  const to = bare(replacement);
  if (from !== "" && to !== "") return { prefix_rewrite: to };
  const caseless = match.uri?.ignoreCase === true ? "(?i)" : "";
  return {
    regex_rewrite: {
      pattern: { regex: `^${caseless}${escapeRegex(from)}/*` },
      substitution: `${substitution(to)}/`,
    },
  };
}

/** `\` begins a group number in a substitution. */
const substitution = (literal: string): string => literal.replaceAll("\\", "\\\\");

export function rewrite(match: Match, to: NonNullable<Filters["rewrite"]>): Message {
  const host = to.host === undefined ? {} : { host_rewrite_literal: to.host };
  if (to.regex !== undefined)
    return {
      ...host,
      regex_rewrite: { pattern: { regex: to.regex.pattern }, substitution: to.regex.substitution },
    };
  if (to.full !== undefined)
    return { ...host, regex_rewrite: { pattern: { regex: "^/.*$" }, substitution: substitution(to.full) } };
  if (to.prefix !== undefined) return { ...host, ...prefixRewrite(match, to.prefix) };
  return host;
}

const redirectCodes: Readonly<Record<number, string>> = {
  301: "MOVED_PERMANENTLY",
  302: "FOUND",
  303: "SEE_OTHER",
  307: "TEMPORARY_REDIRECT",
  308: "PERMANENT_REDIRECT",
};

export function redirect(match: Match, to: NonNullable<Filters["redirect"]>): Message {
  const where =
    to.pathFull !== undefined
      ? { path_redirect: to.pathFull }
      : to.pathPrefix === undefined
        ? {}
        : prefixRewrite(match, to.pathPrefix);
  return {
    ...(to.scheme === undefined ? {} : { scheme_redirect: to.scheme }),
    ...(to.host === undefined ? {} : { host_redirect: to.host }),
    ...(to.port === undefined ? {} : { port_redirect: to.port }),
    ...where,
    response_code: redirectCodes[to.code] ?? "FOUND",
  };
}
