import { absoluteForm, validAuthority } from "../../../src/proxy/http/authority";
import { removeHopByHop } from "../../../src/proxy/http/hop-by-hop";
import { H } from "../../../src/proxy/core/header-id";
import { http1Errors } from "../../../src/proxy/http1/error";
import type { MessageSink } from "../../../src/proxy/http1/parser";
import { RequestParser } from "../../../src/proxy/http1/request-parser";

export interface Reading {
  /** `METHOD target body` of each complete request. */
  readonly requests: readonly string[];
  /** Empty: nothing is wrong. An unfinished message is wrong, too. */
  readonly error: string;
}

/** What the proxy's parser and its rules for Host, target and Connection make of bytes, without a socket. */
export function pureReading(pieces: readonly Buffer[]): Reading {
  const requests: string[] = [];
  let error = "";
  let body = "";
  let line = "";
  const sink: MessageSink = {
    onHead: () => {
      body = "";
      const judged = judge(parser);
      if (judged.error === "") line = judged.line;
      else {
        error = judged.error;
        parser.stop();
      }
    },
    onBody: (data, start, end) => {
      body += data.toString("latin1", start, end);
    },
    onMessageEnd: () => {
      if (error === "") requests.push(`${line} ${body}`);
    },
  };
  const parser = new RequestParser(sink, { headBytes: 60 * 1024, headers: 100 });
  for (const piece of pieces) {
    for (let at = 0; at < piece.length && error === "" && !parser.failed;) {
      if (parser.done) parser.next();
      at = parser.execute(piece, at, piece.length);
    }
  }
  // What was judged first is what counts: a live connection reads no further then.
  if (error === "" && parser.failed) error = http1Errors[parser.error]?.name ?? "failed";
  else if (error === "" && !parser.done && !parser.idle) error = "unfinished";
  return { requests, error };
}

function judge(parser: RequestParser): { readonly line: string; readonly error: string } {
  const { headers, method, target } = parser;
  const wrong = (error: string) => ({ line: "", error });
  const options = { close: false, upgrade: false, forbidden: false };
  removeHopByHop(headers, options, false);
  if (options.forbidden) return wrong("connection");
  if (method === "CONNECT") return wrong("connect");
  if (headers.repeated(H.Host)) return wrong("two hosts");
  const host = headers.get(H.Host);
  if (host === undefined || !validAuthority(host)) return wrong("host");
  if (target.startsWith("/")) return { line: `${method} ${target}`, error: "" };
  const absolute = absoluteForm(target);
  return absolute === undefined ? wrong("target") : { line: `${method} ${absolute.path}`, error: "" };
}

/** The first whole request of `text`, by a reader of the test's own. */
export function requestsIn(text: string): { readonly first: string | undefined; readonly rest: string } {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return { first: undefined, rest: text };
  const head = text.slice(0, end).toLowerCase();
  const from = end + 4;
  const take = (to: number) =>
    to > text.length ? { first: undefined, rest: text } : { first: text.slice(0, to), rest: text.slice(to) };
  if (head.includes("\r\ntransfer-encoding: chunked")) {
    for (let at = from; ;) {
      const line = text.indexOf("\r\n", at);
      if (line < 0) return { first: undefined, rest: text };
      const size = parseInt(text.slice(at, line), 16);
      if (size === 0) return take(line + 4);
      at = line + 2 + size + 2;
    }
  }
  const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1];
  return take(from + Number(length ?? 0));
}
