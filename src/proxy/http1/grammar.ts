/** The small grammars inside an HTTP/1.1 message: what a value may hold, and how its numbers are written. */

const HTAB = 9;
const SEMICOLON = 59;

/** 1 for the bytes that a field value may hold: HTAB, SP, visible ASCII, obs-text. */
export const valueTable = new Uint8Array(256).fill(1);
for (let c = 0; c < 32; c++) if (c !== HTAB) valueTable[c] = 0;
valueTable[127] = 0;

/**
 * The size that a chunk's first line tells, −1 for what is none: hexadecimal digits, then nothing or an extension, which is
 * checked and left out.
 */
export function chunkSize(text: string, from: number, to: number): number {
  let size = 0;
  let at = from;
  for (; at < to; at++) {
    const digit = hexDigit(text.charCodeAt(at));
    if (digit < 0) break;
    size = size * 16 + digit;
  }
  // 12 digits are 2⁴⁸: far beyond any body, far below where numbers lose whole units.
  if (at === from || at - from > 12) return -1;
  if (at < to) {
    if (text.charCodeAt(at) !== SEMICOLON) return -1;
    for (; at < to; at++) if (valueTable[text.charCodeAt(at)] === 0) return -1;
  }
  return size;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** A decimal number of at most 15 digits (all of them exact), −1 for anything else. */
export function decimal(text: string): number {
  if (text.length === 0 || text.length > 15) return -1;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
