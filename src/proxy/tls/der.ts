/** The little of DER (X.690) that certificates need. Reads are bounded; malformed input throws DerError. */
export class DerError extends Error {}

export interface Element {
  readonly tag: number;
  readonly body: Buffer;
}

/** The elements that lie one after another in `bytes`. */
export function elements(bytes: Buffer): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = byte(bytes, at++);
    if ((tag & 0x1f) === 0x1f) throw new DerError("multi-byte tags do not occur in certificates");
    let length = byte(bytes, at++);
    if (length >= 0x80) {
      const count = length & 0x7f;
      if (count === 0 || count > 4) throw new DerError("length is indefinite or too long");
      length = 0;
      for (let i = 0; i < count; i++) length = length * 256 + byte(bytes, at++);
    }
    if (at + length > bytes.length) throw new DerError("element is longer than its container");
    found.push({ tag, body: bytes.subarray(at, at + length) });
    at += length;
  }
  return found;
}

/** The one element of that tag, whole. */
export function only(bytes: Buffer, tag: number): Buffer {
  const [first, ...rest] = elements(bytes);
  if (first?.tag !== tag || rest.length > 0) throw new DerError(`expected one element of tag ${tag}`);
  return first.body;
}

/** An object identifier in dotted form. */
export function objectId(body: Buffer): string {
  const parts: number[] = [];
  let value = 0;
  for (const b of body) {
    value = value * 128 + (b & 0x7f);
    if (b & 0x80) continue;
    if (parts.length === 0) {
      const first = Math.min(Math.floor(value / 40), 2);
      parts.push(first, value - first * 40);
    } else parts.push(value);
    value = 0;
  }
  return parts.join(".");
}

function byte(bytes: Buffer, at: number): number {
  const value = bytes[at];
  if (value === undefined) throw new DerError("element is cut short");
  return value;
}
