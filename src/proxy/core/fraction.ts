import type { Random } from "./random";

/** A share of requests. */
export class Fraction {
  constructor(
    private readonly numerator: number,
    /** 100, 10,000 or 1,000,000. */
    private readonly denominator: number,
  ) {}

  /** By chance, as often as the share says. */
  holds(random: Random): boolean {
    if (this.numerator >= this.denominator) return true;
    return this.numerator > 0 && random.below(this.denominator) < this.numerator;
  }
}
