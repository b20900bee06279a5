/** Envoy's access log operators (`%REQ(X-REQUEST-ID)%`), compiled once to functions of a request. */
import { flagNames } from "../core/flags";
import type { RequestRecord } from "../core/view";

type Value = string | number | undefined;
type Operator = (record: RequestRecord) => Value;

/** A format that cannot be used; the message names the operator. */
export class FormatError extends Error {}

const plain: Readonly<Record<string, Operator>> = {
  PROTOCOL: (r) => r.protocol,
  RESPONSE_CODE: (r) => r.status,
  RESPONSE_CODE_DETAILS: (r) => r.details,
  RESPONSE_FLAGS: (r) => flagNames(r.flags),
  BYTES_RECEIVED: (r) => r.requestBytes,
  BYTES_SENT: (r) => r.responseBytes,
  DURATION: (r) => Math.round(r.durationMs),
  RESPONSE_DURATION: (r) => (r.upstreamMs < 0 ? undefined : Math.round(r.upstreamMs)),
  ROUTE_NAME: (r) => r.routeName,
  UPSTREAM_CLUSTER: (r) => r.cluster?.name,
  UPSTREAM_HOST: (r) => r.upstreamHost && `${r.upstreamHost.address}:${r.upstreamHost.port}`,
  UPSTREAM_REQUEST_ATTEMPT_COUNT: (r) => r.attempts,
  UPSTREAM_PEER_URI_SAN: (r) => r.upstreamPeer?.uriSans.join(","),
  UPSTREAM_PEER_SUBJECT: (r) => r.upstreamPeer?.subject,
  DOWNSTREAM_REMOTE_ADDRESS: (r) => `${r.clientAddress}:${r.clientPort}`,
  DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: (r) => r.clientAddress,
  DOWNSTREAM_REMOTE_PORT: (r) => r.clientPort,
  DOWNSTREAM_DIRECT_REMOTE_ADDRESS: (r) => `${r.clientAddress}:${r.clientPort}`,
  DOWNSTREAM_LOCAL_ADDRESS: (r) => `${r.localAddress}:${r.localPort}`,
  DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT: (r) => r.localAddress,
  DOWNSTREAM_LOCAL_PORT: (r) => r.localPort,
  DOWNSTREAM_PEER_URI_SAN: (r) => r.peer?.uriSans.join(","),
  DOWNSTREAM_PEER_SUBJECT: (r) => r.peer?.subject,
  DOWNSTREAM_PEER_FINGERPRINT_256: (r) => r.peer?.fingerprint,
};

const pseudo: Readonly<Record<string, Operator>> = {
  ":method": (r) => r.method,
  ":path": (r) => r.path,
  ":authority": (r) => r.authority,
};

const operator = /%(?:%|([A-Z0-9_]+)(?:\(([^()%]*)\))?(?::(\d{1,9}))?%)/y;

/** The pieces of a format: text, and operators between. Throws FormatError for an operator that is not served. */
export function pieces(format: string): (string | Operator)[] {
  const found: (string | Operator)[] = [];
  for (let at = 0; at < format.length;) {
    const next = format.indexOf("%", at);
    if (next !== at) {
      const end = next < 0 ? format.length : next;
      found.push(format.slice(at, end));
      at = end;
      continue;
    }
    operator.lastIndex = at;
    const m = operator.exec(format);
    if (!m) throw new FormatError(`the format has a % at ${at} that begins no operator`);
    found.push(m[1] === undefined ? "%" : compileOperator(m[1], m[2], m[3]));
    at = operator.lastIndex;
  }
  return found;
}

function compileOperator(name: string, argument: string | undefined, length: string | undefined): Operator {
  const read = baseOperator(name, argument);
  if (length === undefined) return read;
  const max = Number(length);
  return (r) => {
    const value = read(r);
    return typeof value === "string" ? value.slice(0, max) : value;
  };
}

function baseOperator(name: string, argument: string | undefined): Operator {
  if (name === "START_TIME" && argument === undefined) return (r) => new Date(r.startedAt).toISOString();
  if (name === "REQ" || name === "RESP") {
    const names = (argument ?? "").toLowerCase().split("?");
    if (names.length > 2 || names.some((n) => n === ""))
      throw new FormatError(`%${name}(…)% wants one header, or two with ?`);
    const [first, second] = names.map((n) => headerOperator(name, n)) as [Operator, Operator | undefined];
    return second ? (r) => first(r) ?? second(r) : first;
  }
  const known = argument === undefined && Object.hasOwn(plain, name) ? plain[name] : undefined;
  if (!known)
    throw new FormatError(
      `operator %${name}${argument === undefined ? "" : `(${argument})`}% is not in the supported subset`,
    );
  return known;
}

function headerOperator(side: "REQ" | "RESP", header: string): Operator {
  if (side === "RESP") return (r) => r.responseHeader(header);
  if (Object.hasOwn(pseudo, header)) return pseudo[header] as Operator;
  return (r) => r.requestHeader(header);
}

/** Unset is `-`. Bytes that could end the line or steer a terminal are escaped: one request, one line. */
export function compileText(format: string): (record: RequestRecord) => string {
  const parts = pieces(format);
  return (record) => {
    let line = "";
    for (const part of parts) line += typeof part === "string" ? part : escapeText(part(record));
    return line;
  };
}

const unsafe = /[\u0000-\u001f\u007f-\u009f\\"]/g;

function escapeText(value: Value): string {
  if (value === undefined || value === "") return "-";
  const text = String(value).slice(0, maxValue);
  return text.replace(unsafe, (c) =>
    c === '"' || c === "\\" ? `\\${c}` : `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

/** No single value makes a line longer than this many characters. */
const maxValue = 8_192;

export type JsonFormat = { readonly [key: string]: unknown };

/** One JSON object a line. A value that is one operator alone keeps its type, unset is null; or left out on request. */
export function compileJson(format: JsonFormat, omitEmpty: boolean): (record: RequestRecord) => string {
  const node = compileNode(format);
  return (record) => JSON.stringify(node(record, omitEmpty) ?? {}) + "\n";
}

type JsonNode = (record: RequestRecord, omitEmpty: boolean) => unknown;

function compileNode(value: unknown): JsonNode {
  if (typeof value === "string") return compileLeaf(value);
  if (Array.isArray(value)) {
    const items = value.map(compileNode);
    return (r, omit) => items.map((item) => item(r, omit));
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(([key, item]) => [key, compileNode(item)] as const);
    return (r, omit) => {
      const object: Record<string, unknown> = {};
      for (const [key, item] of members) {
        const read = item(r, omit);
        if (!omit || (read !== null && read !== undefined)) object[key] = read;
      }
      return object;
    };
  }
  return () => value;
}

function compileLeaf(format: string): JsonNode {
  const parts = pieces(format);
  const only = parts.length === 1 ? parts[0] : undefined;
  if (typeof only === "function")
    return (r) => {
      const value = only(r);
      return value === undefined || value === "" ? null : typeof value === "string" ? value.slice(0, maxValue) : value;
    };
  return (r) => parts.map((p) => (typeof p === "string" ? p : String(p(r) ?? "-").slice(0, maxValue))).join("");
}

/** Envoy's default text format, where a log names none. */
export const defaultFormat =
  '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% ' +
  '%BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" ' +
  '"%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%"\n';
