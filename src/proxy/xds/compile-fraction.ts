import { Fraction } from "../core/fraction";
import type { FractionalPercent } from "./messages";

const denominators = { HUNDRED: 100, TEN_THOUSAND: 10_000, MILLION: 1_000_000 } as const;

export function compileFraction(percent: FractionalPercent | undefined): Fraction | undefined {
  return percent && new Fraction(percent.numerator, denominators[percent.denominator]);
}
