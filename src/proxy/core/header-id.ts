/** The header names that the proxy itself reads or writes, as small integers. 0 is every other name. */
export const enum H {
  Other = 0,
  Host,
  Connection,
  ContentLength,
  TransferEncoding,
  KeepAlive,
  ProxyConnection,
  Te,
  Trailer,
  Upgrade,
  Expect,
  Date,
  Server,
  UserAgent,
  Accept,
  AcceptEncoding,
  AcceptLanguage,
  ContentType,
  ContentEncoding,
  Authorization,
  ProxyAuthorization,
  ProxyAuthenticate,
  Cookie,
  SetCookie,
  CacheControl,
  Etag,
  LastModified,
  Location,
  Vary,
  Via,
  Range,
  Origin,
  Referer,
  RetryAfter,
  XRequestId,
  XForwardedFor,
  XForwardedProto,
  XForwardedHost,
  XForwardedClientCert,
  XEnvoyUpstreamServiceTime,
  XEnvoyExpectedRqTimeoutMs,
  XEnvoyAttemptCount,
  XEnvoyOverloaded,
  XEnvoyOriginalPath,
  XEnvoyInternal,
  XEnvoyExternalAddress,
  Traceparent,
  Tracestate,
  GrpcTimeout,
  GrpcStatus,
  IfNoneMatch,
  IfModifiedSince,
  AccessControlRequestMethod,
  AcceptRanges,
  Age,
  Http2Settings,
  Count,
}

/** Lower-case name of each id. */
export const headerNames: readonly string[] = [
  "",
  "host",
  "connection",
  "content-length",
  "transfer-encoding",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "upgrade",
  "expect",
  "date",
  "server",
  "user-agent",
  "accept",
  "accept-encoding",
  "accept-language",
  "content-type",
  "content-encoding",
  "authorization",
  "proxy-authorization",
  "proxy-authenticate",
  "cookie",
  "set-cookie",
  "cache-control",
  "etag",
  "last-modified",
  "location",
  "vary",
  "via",
  "range",
  "origin",
  "referer",
  "retry-after",
  "x-request-id",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-host",
  "x-forwarded-client-cert",
  "x-envoy-upstream-service-time",
  "x-envoy-expected-rq-timeout-ms",
  "x-envoy-attempt-count",
  "x-envoy-overloaded",
  "x-envoy-original-path",
  "x-envoy-internal",
  "x-envoy-external-address",
  "traceparent",
  "tracestate",
  "grpc-timeout",
  "grpc-status",
  "if-none-match",
  "if-modified-since",
  "access-control-request-method",
  "accept-ranges",
  "age",
  "http2-settings",
];

/** For each byte the lower-case letter if RFC 9110 allows it in a field name (tchar), else 0. */
export const tokenTable = new Uint8Array(256);
for (const c of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz") tokenTable[c.charCodeAt(0)] = c.charCodeAt(0);
for (let c = 65; c <= 90; c++) tokenTable[c] = c + 32;

const slots = 512;
const table = new Uint8Array(slots);
const hashes = new Int32Array(H.Count);

/** One step of the hash over lower-case letters; start at 0. Only names known beforehand are ever stored under it. */
export function hashStep(hash: number, lower: number): number {
  return (Math.imul(hash, 31) + lower) | 0;
}

for (let id = 1; id < H.Count; id++) {
  let hash = 0;
  const name = headerNames[id] as string;
  for (let i = 0; i < name.length; i++) hash = hashStep(hash, name.charCodeAt(i));
  hashes[id] = hash;
  let slot = hash & (slots - 1);
  while (table[slot] !== 0) slot = (slot + 1) & (slots - 1);
  table[slot] = id;
}

/** The id of the name in `text` from `from` to `to` (any case, hashed before), 0 when it is not one of ours. */
export function knownHeader(hash: number, text: string, from: number, to: number): number {
  let slot = hash & (slots - 1);
  for (let id = table[slot] as number; id !== 0; id = table[slot] as number) {
    if (hashes[id] === hash && same(headerNames[id] as string, text, from, to)) return id;
    slot = (slot + 1) & (slots - 1);
  }
  return 0;
}

function same(name: string, text: string, from: number, to: number): boolean {
  if (name.length !== to - from) return false;
  for (let i = 0; i < name.length; i++) if (tokenTable[text.charCodeAt(from + i)] !== name.charCodeAt(i)) return false;
  return true;
}

/** The id of a lower-case name, 0 when it is not one of ours. */
export function headerId(name: string): number {
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = hashStep(hash, name.charCodeAt(i));
  return knownHeader(hash, name, 0, name.length);
}
