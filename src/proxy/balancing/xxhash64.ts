import { U64 } from "./u64";

const p1Hi = 0x9e3779b1;
const p1Lo = 0x85ebca87;
const p2Hi = 0xc2b2ae3d;
const p2Lo = 0x27d4eb4f;
const p3Hi = 0x165667b1;
const p3Lo = 0x9e3779f9;
const p4Hi = 0x85ebca77;
const p4Lo = 0xc2b2ae63;
const p5Hi = 0x27d4eb2f;
const p5Lo = 0x165667c5;

const lanes = [new U64(), new U64(), new U64(), new U64()] as const;
const scratch = new U64();

/** xxHash64 of a latin1 text, a byte a character, into `out`. `seed` may be `out` itself. */
export function xxHash64(text: string, out: U64, seedHi = 0, seedLo = 0): U64 {
  const length = text.length;
  let at = 0;
  if (length >= 32) {
    lanes[0].set(p1Hi, p1Lo).add(p2Hi, p2Lo).add(seedHi, seedLo);
    lanes[1].set(p2Hi, p2Lo).add(seedHi, seedLo);
    lanes[2].set(seedHi, seedLo);
    lanes[3].set(seedHi, seedLo).add(~p1Hi, ~p1Lo).add(0, 1);
    for (; at + 32 <= length; at += 32)
      for (let i = 0; i < 4; i++) round(lanes[i] as U64, word(text, at + i * 8 + 4), word(text, at + i * 8));
    out.set(0, 0);
    for (let i = 0; i < 4; i++) {
      scratch.copy(lanes[i] as U64).rotate(rotations[i] as number);
      out.add(scratch.hi, scratch.lo);
    }
    for (const lane of lanes) {
      scratch.set(0, 0);
      round(scratch, lane.hi, lane.lo);
      out.xor(scratch.hi, scratch.lo).multiply(p1Hi, p1Lo).add(p4Hi, p4Lo);
    }
  } else out.set(seedHi, seedLo).add(p5Hi, p5Lo);
  out.add(0, length);
  for (; at + 8 <= length; at += 8) {
    scratch.set(0, 0);
    round(scratch, word(text, at + 4), word(text, at));
    out.xor(scratch.hi, scratch.lo).rotate(27).multiply(p1Hi, p1Lo).add(p4Hi, p4Lo);
  }
  if (at + 4 <= length) {
    scratch.set(0, word(text, at)).multiply(p1Hi, p1Lo);
    out.xor(scratch.hi, scratch.lo).rotate(23).multiply(p2Hi, p2Lo).add(p3Hi, p3Lo);
    at += 4;
  }
  for (; at < length; at++) {
    scratch.set(0, text.charCodeAt(at) & 0xff).multiply(p5Hi, p5Lo);
    out.xor(scratch.hi, scratch.lo).rotate(11).multiply(p1Hi, p1Lo);
  }
  return out.fold(33).multiply(p2Hi, p2Lo).fold(29).multiply(p3Hi, p3Lo).fold(32);
}

const rotations = [1, 7, 12, 18];

function round(lane: U64, hi: number, lo: number): void {
  // lane = rotl(lane + input × p2, 31) × p1; the product comes first, so a lane of 0 needs no second number.
  product.set(hi, lo).multiply(p2Hi, p2Lo);
  lane.add(product.hi, product.lo).rotate(31).multiply(p1Hi, p1Lo);
}
const product = new U64();

/** Four bytes, the first one lowest. */
export function word(text: string, at: number): number {
  return (
    (text.charCodeAt(at) & 0xff) |
    ((text.charCodeAt(at + 1) & 0xff) << 8) |
    ((text.charCodeAt(at + 2) & 0xff) << 16) |
    ((text.charCodeAt(at + 3) & 0xff) << 24)
  );
}
