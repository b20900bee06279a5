import type { EscapedSlashes } from "./config";

/** What became of a path: it goes on as `path`, is refused (`undefined`), or sends the client to another. */
export interface NormalPath {
  readonly path: string;
  readonly redirect: boolean;
}

export interface PathRules {
  readonly normalizePath: boolean;
  readonly mergeSlashes: boolean;
  readonly escapedSlashes: EscapedSlashes;
}

const suspicious = /[%\\"<>^`{|}]|\/\/|\/\./;

/** Applies Envoy's path options, in Envoy's order, to a target in origin form. The query is left as it is. */
export function normalPath(target: string, rules: PathRules): NormalPath | undefined {
  if (!suspicious.test(target)) return { path: target, redirect: false };
  const mark = target.indexOf("?");
  let path = mark < 0 ? target : target.slice(0, mark);
  const rest = mark < 0 ? "" : target.slice(mark);
  let redirect = false;
  if (rules.escapedSlashes !== "KEEP_UNCHANGED" && /%2f|%5c/i.test(path)) {
    if (rules.escapedSlashes === "REJECT_REQUEST") return undefined;
    path = path.replace(/%2f/gi, "/").replace(/%5c/gi, "\\");
    redirect = rules.escapedSlashes === "UNESCAPE_AND_REDIRECT";
  }
  if (rules.normalizePath) {
    const canonical = canonicalPath(path);
    if (canonical === undefined) return undefined;
    path = canonical;
  }
  if (rules.mergeSlashes) path = path.replace(/\/{2,}/g, "/");
  return { path: path + rest, redirect };
}

/**
 * Backslashes become slashes, escaped unreserved characters themselves, characters that no URI may hold their escapes, and
 * dot segments go (RFC 3986 §6.2.2), with parameters too: to some servers `..;x` is `..`.
 */
export function canonicalPath(path: string): string | undefined {
  // An escape that is none, or one of NUL, has no meaning that all would share.
  if (/%(?![0-9a-fA-F]{2})|%00/.test(path)) return undefined;
  const plain = path.replace(/\\/g, "/").replace(/%([0-9a-fA-F]{2})/g, (escape, digits: string) => {
    const char = String.fromCharCode(parseInt(digits, 16));
    return /[A-Za-z0-9\-._~]/.test(char) ? char : escape;
  });
  if (!plain.startsWith("/")) return undefined;
  return withoutDots(plain.replace(/["<>^`{|}]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`));
}

function withoutDots(path: string): string {
  const out: string[] = [];
  const segments = path.slice(1).split("/");
  for (let i = 0; i < segments.length; i++) {
    const segment = segments[i] as string;
    const last = i === segments.length - 1;
    const bare = segment.startsWith(".") ? segment.replace(/;.*$/, "") : segment;
    if (bare === "." || bare === "..") {
      if (bare === "..") out.pop();
      if (last) out.push("");
    } else out.push(segment);
  }
  return "/" + out.join("/");
}
