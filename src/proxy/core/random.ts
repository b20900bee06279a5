import { randomFillSync } from "node:crypto";

/** Chance for balancing and jitter: small, seeded, not secret. */
export interface Random {
  /** A whole number from 0 to 2³²−1. */
  next(): number;
  /** A whole number from 0 to n−1. */
  below(n: number): number;
}

/** Mulberry32: 32 bits of state, good enough for picking hosts, and repeatable in tests. */
export class SeededRandom implements Random {
  private state: number;
  constructor(seed: number) {
    this.state = seed >>> 0;
  }
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }
  below(n: number): number {
    return Math.floor((this.next() / 4294967296) * n);
  }
}

export function systemRandom(): SeededRandom {
  return new SeededRandom(randomFillSync(new Uint32Array(1))[0] as number);
}

const hex: string[] = [];
for (let i = 0; i < 256; i++) hex.push(i.toString(16).padStart(2, "0"));
const pool = new Uint8Array(4096);
let used = pool.length;

function need(bytes: number): void {
  if (used + bytes <= pool.length) return;
  randomFillSync(pool);
  used = 0;
}

/** So many random bytes as lower-case hexadecimal digits, from the same source. */
export function randomHex(bytes: number): string {
  need(bytes);
  let text = "";
  for (const end = used + bytes; used < end; used++) text += hex[pool[used] as number] as string;
  return text;
}

/** A version 4 UUID from the system's random source, which is read 256 identifiers at a time. */
export function uuid(): string {
  need(16);
  const b = (i: number): string => hex[pool[used + i] as number] as string;
  const text =
    `${b(0)}${b(1)}${b(2)}${b(3)}-${b(4)}${b(5)}-` +
    `${hex[((pool[used + 6] as number) & 0x0f) | 0x40]}${b(7)}-` +
    `${hex[((pool[used + 8] as number) & 0x3f) | 0x80]}${b(9)}-` +
    `${b(10)}${b(11)}${b(12)}${b(13)}${b(14)}${b(15)}`;
  used += 16;
  return text;
}
