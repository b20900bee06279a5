import type { HeaderList } from "../../../src/proxy/core/header-list";
import { Http1Error, http1Errors } from "../../../src/proxy/http1/error";
import type { MessageSink, ParserLimits } from "../../../src/proxy/http1/parser";
import { RequestParser } from "../../../src/proxy/http1/request-parser";
import { ResponseParser } from "../../../src/proxy/http1/response-parser";
import { HeaderList as Headers } from "../../../src/proxy/core/header-list";

export const limits: ParserLimits = { headBytes: 2048, headers: 20 };

function fields(list: HeaderList): string[] {
  const out: string[] = [];
  list.forEach((name, value) => out.push(`${name}: ${value}`));
  return out;
}

/** What a parser made of bytes, body pieces joined: equal for every split, by the rule. */
export interface Seen {
  readonly messages: { head: string; fields: string[]; body: string; ended: boolean; trailers: string[] }[];
  readonly error: string;
  readonly consumed: number;
}

class Recorder implements MessageSink {
  parser!: RequestParser | ResponseParser;
  messages: Seen["messages"] = [];
  onHead(): void {
    const p = this.parser;
    const head = p instanceof RequestParser ? `${p.method} ${p.target} 1.${p.minor}` : `${p.status} 1.${p.minor}`;
    this.messages.push({ head, fields: fields(p.headers), body: "", ended: false, trailers: [] });
  }
  onBody(data: Buffer, start: number, end: number): void {
    const last = this.messages.at(-1);
    if (last === undefined || last.ended) throw new Error("body without a head");
    last.body += data.toString("latin1", start, end);
  }
  onMessageEnd(): void {
    const last = this.messages.at(-1);
    if (last === undefined || last.ended) throw new Error("end without a head");
    last.ended = true;
    last.trailers = fields(this.parser.trailers);
  }
}

/** Feeds `pieces` to a request parser, as a connection would, message after message. */
export function requests(pieces: readonly Buffer[], http10 = false): Seen {
  const recorder = new Recorder();
  const parser = new RequestParser(recorder, limits);
  parser.acceptHttp10 = http10;
  recorder.parser = parser;
  return feed(parser, recorder, pieces, () => parser.next());
}

export function responses(pieces: readonly Buffer[], method = "GET", close = false): Seen {
  const recorder = new Recorder();
  const parser = new ResponseParser(recorder, limits);
  recorder.parser = parser;
  parser.expect(method, new Headers());
  const seen = feed(parser, recorder, pieces, () => parser.expect(method, new Headers()));
  if (close && !parser.failed && !parser.finish()) return { ...seen, error: "cut short" };
  return seen;
}

function feed(
  parser: RequestParser | ResponseParser,
  recorder: Recorder,
  pieces: readonly Buffer[],
  next: () => void,
): Seen {
  let consumed = 0;
  for (const piece of pieces) {
    // A lent slice: the bytes around it are not the parser's, and it is overwritten after the call.
    const lent = Buffer.concat([Buffer.from("\xff\r\n", "latin1"), piece, Buffer.from("\n\r\n0\r\n\r\n")]);
    for (let at = 3; at < 3 + piece.length && !parser.failed;) {
      if (parser.done) next();
      const before = at;
      at = parser.execute(lent, at, 3 + piece.length);
      if (at < before || at > 3 + piece.length) throw new Error("over-read");
      if (at === before && !parser.failed && !parser.done) throw new Error("no progress");
      if (!parser.failed) consumed += at - before;
    }
    lent.fill(0x58);
    if (parser.failed) break;
  }
  const error = http1Errors[parser.failed ? parser.error : Http1Error.None]?.name ?? "";
  // Where an error is found inside a piece depends on the piece; what it is does not.
  return { messages: recorder.messages, error, consumed: parser.failed ? -1 : consumed };
}

export function bytes(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

/** Cuts `data` after each of `cuts` (taken modulo its length). */
export function cut(data: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [...new Set(cuts.map((c) => (data.length === 0 ? 0 : c % data.length)))].sort((a, b) => a - b);
  const pieces: Buffer[] = [];
  let from = 0;
  for (const to of [...at, data.length]) {
    if (to > from) pieces.push(data.subarray(from, to));
    from = Math.max(from, to);
  }
  return pieces;
}

export function eachByte(data: Buffer): Buffer[] {
  return [...data].map((_, i) => data.subarray(i, i + 1));
}
