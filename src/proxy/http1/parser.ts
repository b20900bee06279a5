import { hashStep, H, headerNames, knownHeader, tokenTable } from "../core/header-id";
import { HeaderList } from "../core/header-list";
import { latin1 } from "../core/latin1";
import { Http1Error } from "./error";
import { chunkSize, decimal, valueTable } from "./grammar";

/** Bounds in force while parsing. Zero is a real bound here; the caller turns "no limit" into a large number. */
export interface ParserLimits {
  /** Bytes of start line and fields together, line ends included; trailers have the same bound of their own. */
  readonly headBytes: number;
  /** Number of fields. */
  readonly headers: number;
}

/** Gets the events of one message at a time. `data` is lent: it is valid until the call returns. */
export interface MessageSink {
  onHead(): void;
  onBody(data: Buffer, start: number, end: number): void;
  /** The message is complete, trailers included. */
  onMessageEnd(): void;
}

/** How the body of a message ends. */
export const enum Framing {
  None,
  Length,
  Chunked,
  /** By the end of the connection (responses only). */
  Close,
}

const enum State {
  StartLine,
  Fields,
  BodyLength,
  BodyClose,
  ChunkSize,
  ChunkData,
  ChunkEnd,
  Trailers,
  Done,
  Failed,
}

const CR = 13;
const LF = 10;
const SP = 32;
const HTAB = 9;
const COLON = 58;

/** A chunk's size line, extension included: extensions are ignored, so a long one has no use but to hide in. */
const chunkLineBytes = 256;
/** Above this, the head's end is looked for before the text is cut; below it, cutting all is cheaper. */
const cutAll = 4096;

const headEnd = Buffer.from("\r\n\r\n");

/**
 * HTTP/1.1 messages (RFC 9112) from bytes, one at a time, without repair: what the grammar does not allow fails. Pure: no
 * socket, clock or timer. Any split of the input gives the same events.
 */
export abstract class MessageParser {
  headers = new HeaderList();
  readonly trailers = new HeaderList();
  /** Minor version: 1, or 0 where HTTP/1.0 is accepted. */
  minor = 1;
  framing: Framing = Framing.None;
  /** Of the whole body, for `Framing.Length`. */
  contentLength = 0;
  error: Http1Error = Http1Error.None;

  protected state: State = State.StartLine;
  /** The unfinished line, kept as an owned string and bounded by the limits. */
  private partial = "";
  private headUsed = 0;
  private fields = 0;
  private bodyLeft = 0;
  /** The last transition ended a turn of `execute` early, by `stop`. */
  private stopped = false;

  constructor(
    protected readonly sink: MessageSink,
    protected limits: ParserLimits,
  ) {}

  get done(): boolean {
    return this.state === State.Done;
  }

  get failed(): boolean {
    return this.state === State.Failed;
  }

  /** True before the first byte of a message. */
  get idle(): boolean {
    return this.state === State.StartLine && this.partial === "" && this.headUsed === 0;
  }

  /** True once the head was delivered and until the message is done. */
  get inBody(): boolean {
    return this.state >= State.BodyLength && this.state <= State.Trailers;
  }

  /** Makes ready for the next message on the same connection. */
  next(): void {
    this.headers.reset();
    this.trailers.reset();
    this.state = State.StartLine;
    this.partial = "";
    this.headUsed = 0;
    this.fields = 0;
    this.stopped = false;
    this.error = Http1Error.None;
    this.framing = Framing.None;
    this.contentLength = 0;
  }

  /** From within an event: take no further bytes. */
  stop(): void {
    this.stopped = true;
  }

  /**
   * Reads `data` from `start` to `end`, at most to the end of one message, and returns where it stopped. After `done`
   * the rest belongs to the next message; after `failed` see `error`.
   */
  execute(data: Buffer, start: number, end: number): number {
    let at = start;
    this.stopped = false;
    while (at < end && !this.stopped) {
      switch (this.state) {
        case State.StartLine:
        case State.Fields:
        case State.ChunkSize:
        case State.ChunkEnd:
        case State.Trailers:
          at = this.lines(data, at, end);
          break;
        case State.BodyLength:
        case State.ChunkData: {
          const upTo = Math.min(end, at + this.bodyLeft);
          this.bodyLeft -= upTo - at;
          const from = at;
          at = upTo;
          if (this.bodyLeft === 0) {
            const last = this.state === State.BodyLength;
            this.state = last ? State.Done : State.ChunkEnd;
            this.sink.onBody(data, from, upTo);
            if (last) {
              this.sink.onMessageEnd();
              return at;
            }
          } else this.sink.onBody(data, from, upTo);
          break;
        }
        case State.BodyClose:
          this.sink.onBody(data, at, end);
          return end;
        case State.Done:
        case State.Failed:
          return at;
      }
    }
    return at;
  }

  /** The connection ended. True when that ended the message properly or none had begun. */
  finish(): boolean {
    if (this.state === State.BodyClose) {
      this.state = State.Done;
      this.sink.onMessageEnd();
      return true;
    }
    return this.state === State.Done || this.idle;
  }

  /** Parses the start line in `text` from `from` to `to` (CRLF excluded). */
  protected abstract startLine(text: string, from: number, to: number): Http1Error;

  /** Sets `framing` from the fields; the head is complete. */
  protected abstract frame(): Http1Error;

  protected fail(error: Http1Error): void {
    this.error = error;
    this.state = State.Failed;
  }

  /** Takes whole lines while the state wants lines; keeps an unfinished one. */
  private lines(data: Buffer, start: number, end: number): number {
    let cut = end;
    if (end - start > cutAll) cut = this.cutPoint(data, start, end);
    const kept = this.partial.length;
    const text = kept === 0 ? latin1(data, start, cut) : this.partial + latin1(data, start, cut);
    this.partial = "";
    let line = 0;
    while (true) {
      const lf = text.indexOf("\n", line);
      const bound = this.lineBound();
      const size = (lf < 0 ? text.length : lf + 1) - line;
      if (size > bound) {
        this.fail(this.tooLong());
        return end;
      }
      if (lf < 0) {
        this.partial = line === 0 ? text : text.slice(line);
        return cut;
      }
      this.headUsed += size;
      this.line(text, line, lf);
      line = lf + 1;
      if (!this.wantsLine()) return start + line - kept;
      if (line === text.length) return cut;
    }
  }

  /** Where to cut a long chunk: at the head's end, or a line's, so that a large body is not turned into text. */
  private cutPoint(data: Buffer, start: number, end: number): number {
    if (this.state === State.StartLine || this.state === State.Fields) {
      const found = data.indexOf(headEnd, start);
      return found >= 0 && found + 4 <= end ? found + 4 : end;
    }
    const found = data.indexOf(LF, start);
    return found >= 0 && found < end ? found + 1 : end;
  }

  private wantsLine(): boolean {
    const state = this.state;
    return state <= State.Fields || state === State.ChunkSize || state === State.ChunkEnd || state === State.Trailers;
  }

  private lineBound(): number {
    if (this.state === State.ChunkSize) return chunkLineBytes;
    if (this.state === State.ChunkEnd) return 2;
    return this.limits.headBytes - this.headUsed;
  }

  private tooLong(): Http1Error {
    if (this.state === State.ChunkSize) return Http1Error.ChunkLineTooLong;
    if (this.state === State.ChunkEnd) return Http1Error.InvalidChunkEnd;
    return Http1Error.HeadTooLarge;
  }

  /** One line, its LF at `lf`. */
  private line(text: string, from: number, lf: number): void {
    const to = lf - 1;
    if (to < from || text.charCodeAt(to) !== CR) {
      this.fail(this.state === State.ChunkEnd ? Http1Error.InvalidChunkEnd : Http1Error.BareLineFeed);
      return;
    }
    switch (this.state) {
      case State.StartLine: {
        // RFC 9112 §2.2: one empty line before a request line is a relic and is skipped.
        if (to === from && this.headUsed === 2) return;
        const error = this.startLine(text, from, to);
        if (error !== Http1Error.None) this.fail(error);
        else this.state = State.Fields;
        return;
      }
      case State.Fields:
      case State.Trailers:
        if (to === from) this.endOfFields();
        else {
          const error = this.field(text, from, to, this.state === State.Fields ? this.headers : this.trailers);
          if (error !== Http1Error.None) this.fail(error);
        }
        return;
      case State.ChunkSize:
        return this.chunkSize(text, from, to);
      case State.ChunkEnd:
        if (to !== from) this.fail(Http1Error.InvalidChunkEnd);
        else this.state = State.ChunkSize;
        this.headUsed = 0;
        return;
    }
  }

  private field(text: string, from: number, to: number, list: HeaderList): Http1Error {
    let at = from;
    let hash = 0;
    let upper = false;
    let code = text.charCodeAt(at);
    if (code === SP || code === HTAB) return Http1Error.LineFolding;
    for (; ; code = text.charCodeAt(++at)) {
      const lower = tokenTable[code] as number;
      if (lower === 0) break;
      if (lower !== code) upper = true;
      hash = hashStep(hash, lower);
    }
    if (code !== COLON || at === from) return Http1Error.InvalidHeaderName;
    if (++this.fields > this.limits.headers) return Http1Error.TooManyHeaders;
    const id = knownHeader(hash, text, from, at);
    const nameEnd = at++;
    while (at < to && ((code = text.charCodeAt(at)) === SP || code === HTAB)) at++;
    const valueStart = at;
    for (; at < to; at++) {
      if (valueTable[text.charCodeAt(at)] === 0)
        return text.charCodeAt(at) === CR ? Http1Error.BareCarriageReturn : Http1Error.InvalidHeaderValue;
    }
    let valueEnd = to;
    while (valueEnd > valueStart && ((code = text.charCodeAt(valueEnd - 1)) === SP || code === HTAB)) valueEnd--;
    let name: string;
    if (id !== 0) name = headerNames[id] as string;
    else {
      name = text.substring(from, nameEnd);
      if (upper) name = name.toLowerCase();
    }
    list.add(id, name, text.substring(valueStart, valueEnd));
    return Http1Error.None;
  }

  private endOfFields(): void {
    if (this.state === State.Trailers) {
      this.state = State.Done;
      this.sink.onMessageEnd();
      return;
    }
    const error = this.frame();
    if (error !== Http1Error.None) {
      this.fail(error);
      return;
    }
    this.headUsed = 0;
    this.fields = 0;
    switch (this.framing) {
      case Framing.None:
        this.state = State.Done;
        break;
      case Framing.Length:
        this.bodyLeft = this.contentLength;
        this.state = this.contentLength === 0 ? State.Done : State.BodyLength;
        break;
      case Framing.Chunked:
        this.state = State.ChunkSize;
        break;
      case Framing.Close:
        this.state = State.BodyClose;
        break;
    }
    const ended = this.state === State.Done;
    this.sink.onHead();
    if (ended && (this.state as State) === State.Done) this.sink.onMessageEnd();
  }

  private chunkSize(text: string, from: number, to: number): void {
    const size = chunkSize(text, from, to);
    if (size < 0) return this.fail(Http1Error.InvalidChunkSize);
    this.headUsed = 0;
    this.bodyLeft = size;
    this.state = size === 0 ? State.Trailers : State.ChunkData;
  }

  /**
   * RFC 9112 §6.3 without its leniences: content-length once, digits only; transfer-encoding once, exactly `chunked`;
   * never both. Returns None and sets `framing` where a field decides; the caller decides otherwise.
   */
  protected frameByFields(otherwise: Framing): Http1Error {
    const headers = this.headers;
    if (headers.has(H.TransferEncoding)) {
      if (headers.has(H.ContentLength)) return Http1Error.LengthWithTransferEncoding;
      if (headers.repeated(H.TransferEncoding)) return Http1Error.RepeatedTransferEncoding;
      const coding = headers.get(H.TransferEncoding) as string;
      if (coding !== "chunked" && coding.toLowerCase() !== "chunked") return Http1Error.UnsupportedTransferEncoding;
      if (this.minor === 0) return Http1Error.UnsupportedTransferEncoding;
      this.framing = Framing.Chunked;
      return Http1Error.None;
    }
    if (headers.has(H.ContentLength)) {
      if (headers.repeated(H.ContentLength)) return Http1Error.RepeatedContentLength;
      const length = decimal(headers.get(H.ContentLength) as string);
      if (length < 0) return Http1Error.InvalidContentLength;
      this.contentLength = length;
      this.framing = Framing.Length;
      return Http1Error.None;
    }
    this.framing = otherwise;
    return Http1Error.None;
  }
}
