import { tokenTable } from "../core/header-id";
import { Http1Error } from "./error";
import { Framing, MessageParser } from "./parser";

const SP = 32;

/** Requests. After `onHead`: `method`, `target` and `minor` beside what every message has. */
export class RequestParser extends MessageParser {
  method = "";
  /** As received: origin, absolute, authority or asterisk form. */
  target = "";
  /** Accept HTTP/1.0 (`accept_http_10`); otherwise it fails with `Http10`, which is answered 426. */
  acceptHttp10 = false;

  protected override startLine(text: string, from: number, to: number): Http1Error {
    let at = from;
    while (tokenTable[text.charCodeAt(at)] !== 0) at++;
    if (at === from || text.charCodeAt(at) !== SP) return Http1Error.InvalidMethod;
    this.method = methodName(text, from, at);
    if (this.method === "") return Http1Error.InvalidMethod;
    const targetStart = ++at;
    // "HTTP/1.1" and the space before it end the line; what is between is the target, spaces excluded.
    const targetEnd = to - 9;
    if (targetEnd <= targetStart) return Http1Error.InvalidRequestLine;
    for (; at < targetEnd; at++) {
      const code = text.charCodeAt(at);
      if (code <= 32 || code >= 127 || code === 35) return Http1Error.InvalidTarget;
    }
    if (!text.startsWith(" HTTP/1.", targetEnd)) return Http1Error.InvalidVersion;
    const minor = text.charCodeAt(to - 1) - 48;
    if (minor === 0) {
      if (!this.acceptHttp10) return Http1Error.Http10;
    } else if (minor !== 1) return Http1Error.InvalidVersion;
    this.minor = minor;
    this.target = text.substring(targetStart, targetEnd);
    return Http1Error.None;
  }

  protected override frame(): Http1Error {
    return this.frameByFields(Framing.None);
  }
}

/**
 * The methods that HTTP servers know (IANA's registry and a few older ones), as Envoy has them: with any other, or one in
 * lower case, two readers may mean different things.
 */
const methods: ReadonlySet<string> = new Set(
  (
    "ACL BIND CHECKOUT CONNECT COPY DELETE GET HEAD LINK LOCK MERGE MKACTIVITY MKCALENDAR MKCOL MOVE M-SEARCH NOTIFY OPTIONS " +
    "PATCH POST PROPFIND PROPPATCH PURGE PUT REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND UNLINK UNLOCK UNSUBSCRIBE"
  ).split(" "),
);

/** Common methods as constants, so that they are compared by reference and keep no head alive. */
function methodName(text: string, from: number, to: number): string {
  switch (to - from) {
    case 3:
      if (text.startsWith("GET", from)) return "GET";
      if (text.startsWith("PUT", from)) return "PUT";
      break;
    case 4:
      if (text.startsWith("POST", from)) return "POST";
      if (text.startsWith("HEAD", from)) return "HEAD";
      break;
    case 5:
      if (text.startsWith("PATCH", from)) return "PATCH";
      break;
    case 6:
      if (text.startsWith("DELETE", from)) return "DELETE";
      break;
    case 7:
      if (text.startsWith("OPTIONS", from)) return "OPTIONS";
      if (text.startsWith("CONNECT", from)) return "CONNECT";
      break;
  }
  const name = text.substring(from, to);
  return methods.has(name) ? name : "";
}
