import { boolCoreTag, floatCoreTag, intCoreTag, NOT_RESOLVED, nullCoreTag } from "js-yaml";

const [NEWLINE, SPACE, DOUBLE, HASH, SINGLE, COMMA, DASH, COLON] = [10, 32, 34, 35, 39, 44, 45, 58];
const [OPEN_LIST, BACKSLASH, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [91, 92, 93, 123, 125];

/** Tabs, control characters, byte order marks and what is written as two UTF-16 units; markers and directives. */
const BEYOND = /[^\n -~\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]|^(?:---|\.\.\.|%)/m;
/** Nested deeper than any mesh; the library has a limit of its own to report. */
const MAX_DEPTH = 60;
/** What an unquoted scalar may not start with. */
const NEVER_FIRST = flags(" ,[]{}#&*!|>'\"%@`?:\n");
/** What an unquoted scalar may end at. */
const MAY_END = flags("\n:#,[]{}");
const FLOW = flags(",[]{}");
/** First letters of what may not be text unquoted: numbers, the merge key, and the words true, false and null. */
const MAY_RESOLVE = flags("-+.~<0123456789");
const MAY_BE_WORD = flags("nNtTfF");
const DECIMAL = /^(?:0|[1-9]\d{0,14})$/;

function flags(characters: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

/**
 * Reads YAML as most meshes are written, several times faster than the library: one document of mappings, lists and
 * scalars of one line each. For anything else (anchors, tags, block scalars, several documents, any mistake) it gives
 * undefined, and the library reads the text. What it does read, it reads exactly as the library does.
 */
export function readPlainYaml(text: string): { readonly document: unknown } | undefined {
  if (BEYOND.test(text)) return undefined;
  try {
    return { document: new Reader(text).document() };
  } catch (error) {
    if (error === notPlain) return undefined;
    throw error;
  }
}

const notPlain = new Error("not plain YAML");
const giveUp = (): never => {
  throw notPlain;
};

class Reader {
  private at = 0;
  private lineStart = 0;
  private depth = 0;
  private readonly resolved = new Map<string, unknown>();

  constructor(private readonly text: string) {}

  document(): unknown {
    this.next();
    if (this.ended() || this.column() > 0) giveUp();
    const value = this.block(-1);
    return this.ended() ? value : giveUp();
  }

  // ── blocks ────────────────────────────────────────────────────────────────────────────────────────────────

  /** The node that starts here; `indent` is the column of what it belongs to. */
  private block(indent: number): unknown {
    if (this.isDash()) return this.sequence(this.column());
    const column = this.column();
    const code = this.text.charCodeAt(this.at);
    if (code === OPEN_MAP || code === OPEN_LIST) return this.toLineEnd(this.flow(indent));
    const quoted = code === DOUBLE || code === SINGLE;
    const written = quoted ? this.quoted(code) : this.plain(false);
    if (this.isSeparator()) return this.mapping(column, quoted ? written : String(this.scalar(written)));
    return this.toLineEnd(quoted ? written : this.scalar(written));
  }

  /** Entries whose keys stand in one column, from the colon after the first key. */
  private mapping(indent: number, first: string): unknown {
    this.enter();
    const map: Record<string, unknown> = {};
    for (let key = first; ; key = this.blockKey()) {
      this.at++;
      this.put(map, key, this.entry(indent));
      if (this.ended() || this.column() < indent) return this.leave(map);
      if (this.column() > indent) giveUp();
    }
  }

  private blockKey(): string {
    const code = this.text.charCodeAt(this.at);
    const quoted = code === DOUBLE || code === SINGLE;
    const written = quoted ? this.quoted(code) : this.plain(false);
    if (!this.isSeparator()) giveUp();
    return quoted ? written : String(this.scalar(written));
  }

  /** The value after a key's colon: on the line, below it, or nothing. */
  private entry(indent: number): unknown {
    if (!this.endsLine()) return this.inline(indent);
    if (this.ended()) return null;
    const column = this.column();
    if (column > indent) return this.block(indent);
    return column === indent && this.isDash() ? this.sequence(indent) : null;
  }

  private inline(indent: number): unknown {
    const code = this.text.charCodeAt(this.at);
    if (code === OPEN_MAP || code === OPEN_LIST) return this.toLineEnd(this.flow(indent));
    if (code === DOUBLE || code === SINGLE) return this.toLineEnd(this.quoted(code));
    return this.toLineEnd(this.scalar(this.plain(false)));
  }

  private sequence(indent: number): unknown {
    this.enter();
    const list: unknown[] = [];
    do {
      this.at++;
      if (!this.endsLine()) list.push(this.block(indent));
      else list.push(!this.ended() && this.column() > indent ? this.block(indent) : null);
      if (this.ended() || this.column() < indent) break;
      if (this.column() > indent) giveUp();
    } while (this.isDash());
    return this.leave(list);
  }

  // ── flow ──────────────────────────────────────────────────────────────────────────────────────────────────

  private flow(indent: number): unknown {
    this.enter();
    const value = this.text.charCodeAt(this.at) === OPEN_MAP ? this.flowMapping(indent) : this.flowSequence(indent);
    return this.leave(value);
  }

  private flowMapping(indent: number): unknown {
    const map: Record<string, unknown> = {};
    for (let code = this.flowStart(indent); code !== CLOSE_MAP; code = this.flowComma(indent, CLOSE_MAP)) {
      const quoted = code === DOUBLE || code === SINGLE;
      const written = quoted ? this.quoted(code) : this.plain(true);
      const key = quoted ? written : String(this.scalar(written));
      this.skipSpaces();
      if (this.text.charCodeAt(this.at) !== COLON) giveUp();
      this.flowStart(indent);
      this.put(map, key, this.flowNode(indent));
    }
    this.at++;
    return map;
  }

  private flowSequence(indent: number): unknown {
    const list: unknown[] = [];
    for (let code = this.flowStart(indent); code !== CLOSE_LIST; code = this.flowComma(indent, CLOSE_LIST))
      list.push(this.flowNode(indent));
    this.at++;
    return list;
  }

  private flowNode(indent: number): unknown {
    const code = this.text.charCodeAt(this.at);
    if (code === OPEN_MAP || code === OPEN_LIST) return this.flow(indent);
    return code === DOUBLE || code === SINGLE ? this.quoted(code) : this.scalar(this.plain(true));
  }

  /** Over one character and the space behind it, to the next token. */
  private flowStart(indent: number): number {
    this.at++;
    return this.flowSpace(indent);
  }

  /** After an entry: the bracket that closes, or a comma and what follows it. */
  private flowComma(indent: number, close: number): number {
    const code = this.flowSpace(indent);
    if (code === close) return code;
    return code === COMMA ? this.flowStart(indent) : giveUp();
  }

  private flowSpace(indent: number): number {
    let code = this.text.charCodeAt(this.at);
    if (code === SPACE) code = this.text.charCodeAt(++this.at);
    // Space, ends of lines and comments come before every other character that can stand here.
    if (code > HASH) return code;
    const line = this.lineStart;
    this.next();
    if (this.lineStart !== line && this.column() <= indent) giveUp();
    return this.text.charCodeAt(this.at);
  }

  // ── scalars ───────────────────────────────────────────────────────────────────────────────────────────────

  /** Unquoted text up to the end of its line, a comment, a key's colon or, inside brackets, what ends an entry. */
  private plain(inFlow: boolean): string {
    const { text } = this;
    const start = this.at;
    const first = text.charCodeAt(start);
    if (!(start < text.length) || NEVER_FIRST[first] === 1) giveUp();
    if (first === DASH) {
      const second = text.charCodeAt(start + 1);
      if (isBlank(second) || (inFlow && FLOW[second] === 1)) giveUp();
    }
    let at = start;
    let end = start;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === SPACE) continue;
      if (MAY_END[code] === 1) {
        if (code === NEWLINE) break;
        if (code === COLON) {
          const next = text.charCodeAt(at + 1);
          if (isBlank(next) || (inFlow && FLOW[next] === 1)) break;
        } else if (code === HASH) {
          if (text.charCodeAt(at - 1) === SPACE) break;
        } else if (inFlow) break;
      }
      end = at + 1;
    }
    this.at = at;
    return text.slice(start, end);
  }

  private quoted(quote: number): string {
    const { text } = this;
    const start = ++this.at;
    let escaped = false;
    for (let at = start; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === NEWLINE) break;
      if (code === BACKSLASH && quote === DOUBLE) {
        escaped = true;
        at++;
      } else if (code === quote) {
        if (quote === SINGLE && text.charCodeAt(at + 1) === SINGLE) {
          escaped = true;
          at++;
          continue;
        }
        this.at = at + 1;
        const written = text.slice(start, at);
        if (!escaped) return written;
        return quote === SINGLE ? written.replaceAll("''", "'") : unescape(written);
      }
    }
    return giveUp();
  }

  /** What an unquoted scalar stands for. */
  private scalar(written: string): unknown {
    const first = written.charCodeAt(0);
    const mayBeWord = MAY_BE_WORD[first] === 1 && (written.length === 4 || written.length === 5);
    if (!mayBeWord && MAY_RESOLVE[first] !== 1) return written;
    if (DECIMAL.test(written)) return Number(written);
    const known = this.resolved.get(written);
    if (known !== undefined || this.resolved.has(written)) return known;
    if (written === "<<") giveUp();
    const value = implicit(written);
    if (this.resolved.size < 1000) this.resolved.set(written, value);
    return value;
  }

  // ── the text ──────────────────────────────────────────────────────────────────────────────────────────────

  /** On to the next token, over space, comments and ends of lines. */
  private next(): void {
    const { text } = this;
    let { at } = this;
    for (;;) {
      let code = text.charCodeAt(at);
      while (code === SPACE) code = text.charCodeAt(++at);
      if (code === HASH && (at === 0 || isBlank(text.charCodeAt(at - 1)))) {
        const end = text.indexOf("\n", at);
        at = end < 0 ? text.length : end;
        code = text.charCodeAt(at);
      }
      if (code !== NEWLINE) break;
      this.lineStart = ++at;
    }
    this.at = at;
  }

  /** On to the next token; says whether that is on another line. */
  private endsLine(): boolean {
    const line = this.lineStart;
    this.next();
    return this.lineStart !== line || this.ended();
  }

  private toLineEnd(value: unknown): unknown {
    return this.endsLine() ? value : giveUp();
  }

  private skipSpaces(): void {
    while (this.text.charCodeAt(this.at) === SPACE) this.at++;
  }

  private column(): number {
    return this.at - this.lineStart;
  }

  private ended(): boolean {
    return this.at >= this.text.length;
  }

  private isDash(): boolean {
    return this.text.charCodeAt(this.at) === DASH && isBlank(this.text.charCodeAt(this.at + 1));
  }

  /** The colon between a key and its value, after any space. */
  private isSeparator(): boolean {
    this.skipSpaces();
    return this.text.charCodeAt(this.at) === COLON && isBlank(this.text.charCodeAt(this.at + 1));
  }

  private put(map: Record<string, unknown>, key: string, value: unknown): void {
    // A key twice, or one that every object has: both are the library's.
    if (key in map) giveUp();
    map[key] = value;
  }

  private enter(): void {
    if (++this.depth > MAX_DEPTH) giveUp();
  }

  private leave<T>(value: T): T {
    this.depth--;
    return value;
  }
}

/** A space, the end of a line or of the text. */
const isBlank = (code: number): boolean => code === SPACE || code === NEWLINE || Number.isNaN(code);

/** The library's own rules, in the order of its core schema. */
const TAGS = [nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag];
function implicit(written: string): unknown {
  for (const tag of TAGS) {
    const value = tag.resolve(written, false, tag.tagName);
    if (value !== NOT_RESOLVED) return value;
  }
  return written;
}

/** Escapes that JSON has mean the same there; the others are the library's. */
function unescape(written: string): string {
  try {
    return JSON.parse(`"${written}"`) as string;
  } catch {
    return giveUp();
  }
}
