import type { HeaderList } from "../core/header-list";
import { Http1Error } from "./error";
import { Framing, MessageParser } from "./parser";

/** Responses. Tell it the request's method first (`expect`): the body's framing depends on it. */
export class ResponseParser extends MessageParser {
  status = 0;
  reason = "";
  private toHead = false;

  /** Makes ready for the response to a request of this method; its fields are put into `headers`. */
  expect(method: string, headers: HeaderList): void {
    this.headers = headers;
    this.next();
    this.toHead = method === "HEAD";
  }

  /** After an interim (1xx) head: makes ready for the next head of the same exchange. */
  again(): void {
    this.next();
  }

  protected override startLine(text: string, from: number, to: number): Http1Error {
    // HTTP/1.x SP 3DIGIT [SP reason]
    if (to - from < 12 || !text.startsWith("HTTP/1.", from)) return Http1Error.InvalidStatusLine;
    const minor = text.charCodeAt(from + 7) - 48;
    if ((minor !== 0 && minor !== 1) || text.charCodeAt(from + 8) !== 32) return Http1Error.InvalidStatusLine;
    let status = 0;
    for (let at = from + 9; at < from + 12; at++) {
      const digit = text.charCodeAt(at) - 48;
      if (digit < 0 || digit > 9) return Http1Error.InvalidStatusLine;
      status = status * 10 + digit;
    }
    if (status < 100 || status > 599) return Http1Error.InvalidStatusLine;
    if (to > from + 12) {
      if (text.charCodeAt(from + 12) !== 32) return Http1Error.InvalidStatusLine;
      for (let at = from + 13; at < to; at++) {
        const code = text.charCodeAt(at);
        if ((code < 32 && code !== 9) || code === 127) return Http1Error.InvalidStatusLine;
      }
      this.reason = text.substring(from + 13, to);
    } else this.reason = "";
    this.minor = minor;
    this.status = status;
    return Http1Error.None;
  }

  protected override frame(): Http1Error {
    const error = this.frameByFields(Framing.Close);
    if (error !== Http1Error.None) return error;
    const status = this.status;
    if (this.toHead || status < 200 || status === 204 || status === 304) this.framing = Framing.None;
    return Http1Error.None;
  }
}
