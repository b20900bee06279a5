/**
 * A JSON parser (RFC 8259) that refuses what JSON.parse lets pass: a key given twice in one object. Objects have no
 * prototype, so a key such as `__proto__` is a key like any other. Errors carry line and column.
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
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const plainString = /[^"\\\u0000-\u001f]*/y;
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

export function parseJson(text: string): unknown {
  const reader = new Reader(text.startsWith("\uFEFF") ? text.slice(1) : text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  value(depth: number): unknown {
    if (depth > maxDepth) this.fail(`nested deeper than ${maxDepth}`);
    this.space();
    const c = this.text[this.at];
    if (c === "{") return this.object(depth);
    if (c === "[") return this.array(depth);
    if (c === '"') return this.string();
    for (const [word, value] of [
      ["true", true],
      ["false", false],
      ["null", null],
    ] as const)
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    number.lastIndex = this.at;
    const digits = number.exec(this.text);
    if (!digits)
      this.fail(c === undefined ? "the text ends here; a value is missing" : `unexpected ${JSON.stringify(c)}`);
    this.at = number.lastIndex;
    return exactNumber(digits[0]);
  }

  end(): void {
    this.space();
    if (this.at < this.text.length) this.fail("text after the end of the value");
  }

  private object(depth: number): unknown {
    const object: Record<string, unknown> = Object.create(null);
    this.at++;
    this.space();
    if (this.take("}")) return object;
    for (;;) {
      this.space();
      if (this.text[this.at] !== '"') this.fail("a key in double quotes is expected");
      const start = this.at;
      const key = this.string();
      if (key in object) this.fail(`duplicate key ${JSON.stringify(key)}`, start);
      this.space();
      if (!this.take(":")) this.fail('":" is expected');
      object[key] = this.value(depth + 1);
      this.space();
      if (this.take("}")) return object;
      if (!this.take(",")) this.fail('"," or "}" is expected');
    }
  }

  private array(depth: number): unknown {
    const array: unknown[] = [];
    this.at++;
    this.space();
    if (this.take("]")) return array;
    for (;;) {
      array.push(this.value(depth + 1));
      this.space();
      if (this.take("]")) return array;
      if (!this.take(",")) this.fail('"," or "]" is expected');
    }
  }

  private string(): string {
    let result = "";
    this.at++;
    for (;;) {
      plainString.lastIndex = this.at;
      result += (plainString.exec(this.text) as RegExpExecArray)[0];
      this.at = plainString.lastIndex;
      if (this.take('"')) return result;
      if (!this.take("\\"))
        this.fail(this.at < this.text.length ? "a control character in a string" : "a string does not end");
      const escape = this.text[this.at++] ?? "";
      if (escape === "u") {
        const hex = this.text.slice(this.at, this.at + 4);
        if (!/^[0-9a-fA-F]{4}$/.test(hex)) this.fail("\\u needs four hexadecimal digits");
        result += String.fromCharCode(parseInt(hex, 16));
        this.at += 4;
      } else result += escapes[escape] ?? this.fail(`unknown escape \\${escape}`, this.at - 1);
    }
  }

  private space(): void {
    for (;;) {
      const c = this.text.charCodeAt(this.at);
      if (c !== 32 && c !== 10 && c !== 13 && c !== 9) return;
      this.at++;
    }
  }

  private take(c: string): boolean {
    if (this.text[this.at] !== c) return false;
    this.at++;
    return true;
  }

  private fail(reason: string, at = this.at): never {
    const before = this.text.slice(0, at).split("\n");
    throw new JsonSyntaxError(before.length, (before.at(-1) as string).length + 1, reason);
  }
}

/** A 64-bit integer beyond what a double holds stays text, which the reader takes for a number of that width. */
function exactNumber(digits: string): number | string {
  const value = Number(digits);
  return /^-?\d+$/.test(digits) && !Number.isSafeInteger(value) ? digits : value;
}
