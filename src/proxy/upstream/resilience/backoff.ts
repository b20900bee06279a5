import type { Random } from "../../core/random";

/** Milliseconds before the n-th retry (from 1): random below base × 2ⁿ⁻¹, which grows to at most `max`. */
export function backOff(retry: number, base: number, max: number, random: Random): number {
  const ceiling = Math.min(base * 2 ** Math.min(retry - 1, 30), max);
  return random.below(Math.max(1, Math.ceil(ceiling)));
}
