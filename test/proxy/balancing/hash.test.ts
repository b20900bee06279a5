import { murmur2 } from "../../../src/proxy/balancing/murmur2";
import { U64 } from "../../../src/proxy/balancing/u64";
import { xxHash64 } from "../../../src/proxy/balancing/xxhash64";

const value = (u: U64): bigint => (BigInt(u.hi) << 32n) | BigInt(u.lo);
const mask = (1n << 64n) - 1n;

/** Known answers of the reference implementations. */
test.each([
  ["", 0, 0xef46db3751d8e999n],
  ["a", 0, 0xd24ec4f1a98c6e5bn],
  ["abc", 0, 0x44bc2cf5ad770999n],
  ["foo", 0, 3728699739546630719n],
  ["Nobody inspects the spammish repetition", 0, 0xfbcea83c8a378bf1n],
])("xxHash64 of %j with seed %i", (text, seed, expected) => {
  expect(value(xxHash64(text, new U64(), 0, seed))).toBe(expected);
});

test("murmur2 of Envoy's own test", () => {
  expect(value(murmur2("foo", new U64()))).toBe(9631199822919835226n);
});

/** xxHash64 as its specification words it, in big integers. */
function reference(text: string, seed: bigint): bigint {
  const [p1, p2, p3, p4, p5] = [
    0x9e3779b185ebca87n,
    0xc2b2ae3d27d4eb4fn,
    0x165667b19e3779f9n,
    0x85ebca77c2b2ae63n,
    0x27d4eb2f165667c5n,
  ] as const;
  const data = Buffer.from(text, "latin1");
  const rotate = (x: bigint, r: bigint): bigint => ((x << r) | (x >> (64n - r))) & mask;
  const round = (acc: bigint, input: bigint): bigint => (rotate((acc + input * p2) & mask, 31n) * p1) & mask;
  let at = 0;
  let h: bigint;
  if (data.length >= 32) {
    const v = [seed + p1 + p2, seed + p2, seed, seed - p1].map((x) => BigInt.asUintN(64, x));
    for (; at + 32 <= data.length; at += 32)
      for (let i = 0; i < 4; i++) v[i] = round(v[i] as bigint, data.readBigUInt64LE(at + 8 * i));
    const r = [1n, 7n, 12n, 18n];
    h = v.reduce((sum, lane, i) => (sum + rotate(lane, r[i] as bigint)) & mask, 0n);
    for (const lane of v) h = (((h ^ round(0n, lane)) * p1) & mask) + p4;
    h &= mask;
  } else h = (seed + p5) & mask;
  h = (h + BigInt(data.length)) & mask;
  for (; at + 8 <= data.length; at += 8) h = (rotate(h ^ round(0n, data.readBigUInt64LE(at)), 27n) * p1 + p4) & mask;
  if (at + 4 <= data.length) {
    h = (rotate(h ^ ((BigInt(data.readUInt32LE(at)) * p1) & mask), 23n) * p2 + p3) & mask;
    at += 4;
  }
  for (; at < data.length; at++) h = (rotate(h ^ ((BigInt(data[at] as number) * p5) & mask), 11n) * p1) & mask;
  h = ((h ^ (h >> 33n)) * p2) & mask;
  h = ((h ^ (h >> 29n)) * p3) & mask;
  return h ^ (h >> 32n);
}

test("xxHash64 is the specification's for every length and seed, high bytes included", () => {
  let text = "";
  for (let length = 0; length < 140; length++) {
    for (const seed of [0n, 1n, 0xffff_ffff_ffff_ffffn, 0x1234_5678_9abc_def0n]) {
      const mine = xxHash64(text, new U64(), Number(seed >> 32n), Number(seed & 0xffff_ffffn));
      expect([length, value(mine)]).toEqual([length, reference(text, seed)]);
    }
    text += String.fromCharCode((length * 167 + 13) & 0xff);
  }
});

test("a remainder of 64 bits", () => {
  for (const n of [100, 65_537, 65_536, 5_000_011])
    for (const x of [0n, 1n, mask, 0x8000_0000_0000_0000n, 0xdead_beef_0123_4567n])
      expect(new U64(Number(x >> 32n), Number(x & 0xffff_ffffn)).modulo(n)).toBe(Number(x % BigInt(n)));
});
