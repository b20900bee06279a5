import { H, headerId } from "../core/header-id";
import type { HeaderList } from "../core/header-list";

/** Of the names that the proxy knows, those that may come after a body. */
const allowed: ReadonlySet<number> = new Set([H.Etag, H.GrpcStatus]);
const refused: ReadonlySet<string> = new Set([
  "content-range",
  "expires",
  "max-forwards",
  "pragma",
  "www-authenticate",
  "authentication-info",
]);
const refusedPrefixes = ["x-envoy-", "x-forwarded-", "proxy-", "if-"];

/**
 * The end of a chunked body with its trailers. What frames, routes, authorizes or changes the meaning of a message has no
 * place there (RFC 9110 §6.5.1) and is left out: a reader that merges trailers into the head must not be fooled by it.
 */
export function trailerChunk(trailers: HeaderList): string {
  let lines = "";
  trailers.forEach((name, value) => {
    const id = headerId(name);
    if (id !== 0 ? !allowed.has(id) : refused.has(name) || refusedPrefixes.some((p) => name.startsWith(p))) return;
    lines += `${name}: ${value}\r\n`;
  });
  return `0\r\n${lines}\r\n`;
}
