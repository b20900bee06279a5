import type { Filters } from "../../model/model";
import { defined } from "../k8s-resource";
import type { PathForm } from "./matches";

type Fields = Readonly<Record<string, unknown>>;

/** `\` begins a group number in a substitution. */
const substitution = (text: string): string => text.replaceAll("\\", "\\\\");
const bare = (prefix: string): string => prefix.replace(/\/+$/, "");

/**
 * What stands instead of a prefix, for one form of the match: `/v1` → `/new` makes `/v1` `/new` and `/v1/` `/new/`.
 * Where no prefix was matched the new one is put before the path.
 */
const replacement = (path: PathForm, matchedPrefix: boolean, to: string): string => {
  if (path.kind === "exact") return (matchedPrefix ? bare(to) : `${bare(to)}${path.value}`) || "/";
  return `${bare(to)}/`;
};

/** HTTPRewrite for one form of a match; undefined where nothing is rewritten. */
export function rewrite(path: PathForm, matchedPrefix: boolean, to: Filters["rewrite"]): Fields | undefined {
  if (to === undefined) return undefined;
  return defined({ ...uri(path, matchedPrefix, to), authority: to.host });
}

function uri(path: PathForm, matchedPrefix: boolean, to: NonNullable<Filters["rewrite"]>): Fields {
  if (to.regex !== undefined) {
    return { uriRegexRewrite: { match: to.regex.pattern, rewrite: to.regex.substitution } };
  }
  if (to.full !== undefined) return { uriRegexRewrite: { match: "^/.*$", rewrite: substitution(to.full) } };
  if (to.prefix === undefined) return {};
  // Envoy swaps the whole path for what a pattern matched, so the root is named by a pattern of its own.
  if (path.kind === "regex") {
    return { uriRegexRewrite: { match: "^/", rewrite: substitution(`${bare(to.prefix)}/`) } };
  }
  return { uri: replacement(path, matchedPrefix, to.prefix) };
}

/** HTTPRedirect for one form of a match. */
export const redirect = (path: PathForm, matchedPrefix: boolean, to: NonNullable<Filters["redirect"]>): Fields =>
  defined({
    scheme: to.scheme,
    authority: to.host,
    port: to.port,
    ...redirectPath(path, matchedPrefix, to),
    redirectCode: to.code,
  });

function redirectPath(path: PathForm, matchedPrefix: boolean, to: NonNullable<Filters["redirect"]>): Fields {
  if (to.pathFull !== undefined) return { uri: to.pathFull };
  if (to.pathPrefix === undefined) return {};
  const text = replacement(path, matchedPrefix, to.pathPrefix);
  return path.kind === "exact" ? { uri: text } : { prefixRewrite: text };
}
