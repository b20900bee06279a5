import { U64 } from "./u64";
import { word } from "./xxhash64";

const mulHi = 0xc6a4a793;
const mulLo = 0x5bd1e995;
/** The seed of libstdc++'s string hash, which Envoy's MURMUR_HASH_2 takes over. */
const seed = 0xc70f6907;
const data = new U64();

/** MurmurHash64A with that seed, of a latin1 text, into `out`. */
export function murmur2(text: string, out: U64): U64 {
  const { length } = text;
  out.set(0, length).multiply(mulHi, mulLo).xor(0, seed);
  let at = 0;
  for (; at + 8 <= length; at += 8) {
    data
      .set(word(text, at + 4), word(text, at))
      .multiply(mulHi, mulLo)
      .fold(47)
      .multiply(mulHi, mulLo);
    out.xor(data.hi, data.lo).multiply(mulHi, mulLo);
  }
  if (at < length) {
    let hi = 0;
    let lo = 0;
    for (let i = 0; at + i < length; i++) {
      const byte = text.charCodeAt(at + i) & 0xff;
      if (i < 4) lo |= byte << (i * 8);
      else hi |= byte << ((i - 4) * 8);
    }
    out.xor(hi, lo).multiply(mulHi, mulLo);
  }
  return out.fold(47).multiply(mulHi, mulLo).fold(47);
}
