import type { HeaderList } from "../core/header-list";

/** Everything here gives latin1 text: one character a byte. */
export function requestHead(method: string, target: string, headers: HeaderList): string {
  return method + " " + target + " HTTP/1.1\r\n" + headers.write() + "\r\n";
}

export function responseHead(status: number, reason: string, headers: HeaderList): string {
  return statusLine(status, reason) + headers.write() + "\r\n";
}

export const lastChunk = "0\r\n\r\n";

/** The line before a chunk's data; `\r\n` follows the data. */
export function chunkHead(size: number): string {
  return size.toString(16) + "\r\n";
}

export const continueHead = "HTTP/1.1 100 Continue\r\n\r\n";

const lines: string[] = [];
const reasons: Readonly<Record<number, string>> = {
  100: "Continue",
  101: "Switching Protocols",
  200: "OK",
  201: "Created",
  202: "Accepted",
  203: "Non-Authoritative Information",
  204: "No Content",
  205: "Reset Content",
  206: "Partial Content",
  207: "Multi-Status",
  300: "Multiple Choices",
  301: "Moved Permanently",
  302: "Found",
  303: "See Other",
  304: "Not Modified",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  402: "Payment Required",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  407: "Proxy Authentication Required",
  408: "Request Timeout",
  409: "Conflict",
  410: "Gone",
  411: "Length Required",
  412: "Precondition Failed",
  413: "Payload Too Large",
  414: "URI Too Long",
  415: "Unsupported Media Type",
  416: "Range Not Satisfiable",
  417: "Expectation Failed",
  421: "Misdirected Request",
  422: "Unprocessable Entity",
  423: "Locked",
  424: "Failed Dependency",
  425: "Too Early",
  426: "Upgrade Required",
  428: "Precondition Required",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
  505: "HTTP Version Not Supported",
  507: "Insufficient Storage",
  508: "Loop Detected",
  511: "Network Authentication Required",
};
for (const [status, reason] of Object.entries(reasons)) lines[Number(status)] = `HTTP/1.1 ${status} ${reason}\r\n`;

/** The standard phrase of a status that has one. */
export function reasonPhrase(status: number): string {
  return reasons[status] ?? "";
}

/** The status line. As in Envoy the standard phrase is written; `reason` only where there is none. */
export function statusLine(status: number, reason = "Unknown"): string {
  return lines[status] ?? `HTTP/1.1 ${status} ${reason}\r\n`;
}
