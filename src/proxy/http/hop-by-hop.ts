import { H, headerId } from "../core/header-id";
import type { HeaderList } from "../core/header-list";

/** What a Connection field says. */
export interface ConnectionOptions {
  close: boolean;
  upgrade: boolean;
  /** It names a field that we set or judge by: dropping that at its word would be an attack's tool. */
  forbidden: boolean;
}

/** Fields that a Connection field may not name (RFC 9110 §7.6.1 forbids end-to-end ones). */
const protectedIds: ReadonlySet<number> = new Set([
  H.Host,
  H.ContentLength,
  H.TransferEncoding,
  H.Authorization,
  H.Cookie,
  H.ContentType,
  H.Expect,
  H.XRequestId,
  H.XForwardedFor,
  H.XForwardedProto,
  H.XForwardedHost,
  H.XForwardedClientCert,
  H.Traceparent,
  H.Tracestate,
  H.GrpcTimeout,
]);

/**
 * Reads Connection, removes it, what it names, and the other fields that concern one hop only. Where trailers are forwarded
 * the next hop is told of them, and that the client wants them.
 */
export function removeHopByHop(headers: HeaderList, found: ConnectionOptions, trailers: boolean): void {
  found.close = found.upgrade = found.forbidden = false;
  const connection = headers.joined(H.Connection);
  if (connection !== undefined) {
    readOptions(headers, connection, found);
    headers.remove(H.Connection);
  }
  headers.remove(H.KeepAlive);
  headers.remove(H.ProxyConnection);
  headers.remove(H.TransferEncoding);
  if (trailers && headers.has(H.Te) && wantsTrailers.test(headers.joined(H.Te) as string))
    headers.set(H.Te, "trailers");
  else headers.remove(H.Te);
  if (!trailers) headers.remove(H.Trailer);
  headers.remove(H.Http2Settings);
}

const wantsTrailers = /(^|,)[ \t]*trailers[ \t]*(,|$)/i;

function readOptions(headers: HeaderList, connection: string, found: ConnectionOptions): void {
  if (connection === "keep-alive") return;
  if (connection === "close") {
    found.close = true;
    return;
  }
  for (const part of connection.split(",")) {
    const option = part.trim().toLowerCase();
    if (option === "close") found.close = true;
    else if (option === "upgrade") found.upgrade = true;
    else if (option === "keep-alive" || option === "") continue;
    else if (protectedIds.has(headerId(option))) found.forbidden = true;
    else headers.delete(option);
  }
}
