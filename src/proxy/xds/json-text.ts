import type { Steps } from "./steps";

/**
 * A JSON parser (RFC 8259) that refuses what JSON.parse lets pass: a key given twice in one object. A key such as
 * `__proto__` is a key like any other. Errors carry line and column.
 */
export class JsonSyntaxError extends Error {
  constructor(
    readonly line: number,
    readonly column: number,
    readonly reason: string,
  ) {
    super(`line ${line}, column ${column}: ${reason}`);
  }
}

const maxDepth = 200;
/** Values between two rests. */
const inOneStep = 256;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};
const words = [
  ["true", true],
  ["false", false],
  ["null", null],
] as const;

/** Throws JsonSyntaxError. */
export function* parseJson(text: string): Steps<unknown> {
  const reader = new Reader(text.startsWith("\uFEFF") ? text.slice(1) : text);
  while (!reader.run(inOneStep)) yield;
  return reader.result;
}

/** A list or an object that is not complete; `key` is of the value to come. */
type Open = { readonly list: unknown[] } | { readonly object: Record<string, unknown>; key: string };

const enum Char {
  Tab = 9,
  LineFeed = 10,
  Return = 13,
  Space = 32,
  Quote = 34,
  Comma = 44,
  Colon = 58,
  OpenList = 91,
  Backslash = 92,
  CloseList = 93,
  OpenObject = 123,
  CloseObject = 125,
}

/** Without recursion, so that it can stop between any two values. */
class Reader {
  result: unknown;
  private at = 0;
  private readonly open: Open[] = [];

  constructor(private readonly text: string) {}

  /** Reads up to so many values; true when the text is read. */
  run(values: number): boolean {
    for (let i = 0; i < values; i++) if (this.value()) return true;
    return false;
  }

  /** One value, or the beginning of one. True at the end of the text. */
  private value(): boolean {
    this.space();
    const c = this.text.charCodeAt(this.at);
    if (c === Char.OpenObject || c === Char.OpenList) {
      if (this.open.length >= maxDepth) this.fail(`nested deeper than ${maxDepth}`);
      this.at++;
      this.space();
      if (c === Char.OpenList) {
        const list: unknown[] = [];
        if (this.take(Char.CloseList)) return this.complete(list);
        this.open.push({ list });
      } else {
        const object: Record<string, unknown> = {};
        if (this.take(Char.CloseObject)) return this.complete(object);
        this.open.push({ object, key: this.key(object) });
      }
      return false;
    }
    return this.complete(c === Char.Quote ? this.string() : this.scalar());
  }

  /** Puts a value in its place; it may be the last of what holds it, which is complete then. */
  private complete(value: unknown): boolean {
    for (;;) {
      const top = this.open.at(-1);
      this.space();
      if (top === undefined) {
        if (this.at < this.text.length) this.fail("text after the end of the value");
        this.result = value;
        return true;
      }
      if ("list" in top) {
        top.list.push(value);
        if (this.take(Char.Comma)) return false;
        if (!this.take(Char.CloseList)) this.fail('"," or "]" is expected');
        value = top.list;
      } else {
        put(top.object, top.key, value);
        if (this.take(Char.Comma)) {
          top.key = this.key(top.object);
          return false;
        }
        if (!this.take(Char.CloseObject)) this.fail('"," or "}" is expected');
        value = top.object;
      }
      this.open.pop();
    }
  }

  private key(object: Record<string, unknown>): string {
    this.space();
    if (this.text.charCodeAt(this.at) !== Char.Quote) this.fail("a key in double quotes is expected");
    const start = this.at;
    const key = this.string();
    if (Object.hasOwn(object, key)) this.fail(`duplicate key ${JSON.stringify(key)}`, start);
    this.space();
    if (!this.take(Char.Colon)) this.fail('":" is expected');
    return key;
  }

  private scalar(): unknown {
    for (const [word, value] of words)
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    number.lastIndex = this.at;
    const digits = number.exec(this.text);
    const c = this.text[this.at];
    if (!digits)
      this.fail(c === undefined ? "the text ends here; a value is missing" : `unexpected ${JSON.stringify(c)}`);
    this.at = number.lastIndex;
    return exactNumber(digits[0]);
  }

  private string(): string {
    const { text } = this;
    let result = "";
    this.at++;
    for (;;) {
      const start = this.at;
      let c = text.charCodeAt(this.at);
      while (c !== Char.Quote && c !== Char.Backslash && c >= Char.Space) c = text.charCodeAt(++this.at);
      if (c === Char.Quote) {
        const plain = text.slice(start, this.at++);
        return result === "" ? plain : result + plain;
      }
      if (c !== Char.Backslash)
        this.fail(this.at < text.length ? "a control character in a string" : "a string does not end");
      result += text.slice(start, this.at++);
      result += this.escape();
    }
  }

  private escape(): string {
    const escape = this.text[this.at++] ?? "";
    if (escape !== "u") return escapes[escape] ?? this.fail(`unknown escape \\${escape}`, this.at - 1);
    const hex = this.text.slice(this.at, this.at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(hex)) this.fail("\\u needs four hexadecimal digits");
    this.at += 4;
    return String.fromCharCode(parseInt(hex, 16));
  }

  private space(): void {
    for (;;) {
      const c = this.text.charCodeAt(this.at);
      if (c !== Char.Space && c !== Char.LineFeed && c !== Char.Return && c !== Char.Tab) return;
      this.at++;
    }
  }

  private take(c: Char): boolean {
    if (this.text.charCodeAt(this.at) !== c) return false;
    this.at++;
    return true;
  }

  private fail(reason: string, at = this.at): never {
    const before = this.text.slice(0, at).split("\n");
    throw new JsonSyntaxError(before.length, (before.at(-1) as string).length + 1, reason);
  }
}

/** An own property, whatever its name. */
function put(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

/** A 64-bit integer beyond what a double holds stays text, which the reader takes for a number of that width. */
function exactNumber(digits: string): number | string {
  const value = Number(digits);
  return /^-?\d+$/.test(digits) && !Number.isSafeInteger(value) ? digits : value;
}
