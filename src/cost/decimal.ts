/**
 * Exact decimal numbers for money: a whole number of units of 10^-scale. Adding and multiplying never round; the two
 * operations that can (`dividedBy`, `toFixed`) say to how many places, and round half away from zero.
 */
const powers: bigint[] = [1n];
const power = (n: number): bigint => {
  for (let i = powers.length; i <= n; i++) powers.push((powers[i - 1] as bigint) * 10n);
  return powers[n] as bigint;
};
const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

export class Decimal {
  static readonly zero = new Decimal(0n, 0);
  static readonly one = new Decimal(1n, 0);

  private constructor(
    private readonly units: bigint,
    private readonly scale: number,
  ) {}

  /** Reads `12`, `-0.05`, `1e-6` or a finite number (by its shortest decimal form). Anything else is undefined. */
  static parse(text: string | number): Decimal | undefined {
    const match = FORM.exec(String(text).trim());
    const [, sign = "", whole = "", fraction = "", exponent = "0"] = match ?? [];
    if (!match || whole + fraction === "") return undefined;
    const units = BigInt(whole + fraction) * (sign === "-" ? -1n : 1n);
    const scale = fraction.length - Number(exponent);
    return scale >= 0 ? new Decimal(units, scale) : new Decimal(units * power(-scale), 0);
  }
  /** As `parse`, for values that the caller knows to be numbers. Throws a TypeError otherwise. */
  static of(value: string | number): Decimal {
    const parsed = Decimal.parse(value);
    if (!parsed) throw new TypeError(`not a decimal number: ${String(value)}`);
    return parsed;
  }
  static sum(values: Iterable<Decimal>): Decimal {
    let total = Decimal.zero;
    for (const value of values) total = total.plus(value);
    return total;
  }

  plus(other: Decimal): Decimal {
    if (other.units === 0n) return this;
    if (this.units === 0n) return other;
    if (this.scale === other.scale) return new Decimal(this.units + other.units, this.scale);
    return this.scale > other.scale
      ? new Decimal(this.units + other.units * power(this.scale - other.scale), this.scale)
      : new Decimal(this.units * power(other.scale - this.scale) + other.units, other.scale);
  }
  minus(other: Decimal): Decimal {
    return this.plus(other.negated());
  }
  times(other: Decimal): Decimal {
    if (this.units === 0n || other.units === 0n) return Decimal.zero;
    return new Decimal(this.units * other.units, this.scale + other.scale);
  }
  /** Rounded to `places` decimals. Throws a RangeError on division by zero. */
  dividedBy(other: Decimal, places: number): Decimal {
    const shift = places + other.scale - this.scale;
    const numerator = shift >= 0 ? this.units * power(shift) : this.units;
    const denominator = shift >= 0 ? other.units : other.units * power(-shift);
    return new Decimal(roundedQuotient(numerator, denominator), places);
  }
  /** Rounded to at most `places` decimals. */
  rounded(places: number): Decimal {
    return this.scale <= places ? this : new Decimal(roundedQuotient(this.units, power(this.scale - places)), places);
  }
  /** Times 10^zeros, exactly. */
  shifted(zeros: number): Decimal {
    const scale = this.scale - zeros;
    return scale >= 0 ? new Decimal(this.units, scale) : new Decimal(this.units * power(-scale), 0);
  }
  negated(): Decimal {
    return new Decimal(-this.units, this.scale);
  }
  compare(other: Decimal): -1 | 0 | 1 {
    const difference = this.minus(other).units;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }
  equals(other: Decimal): boolean {
    return this.compare(other) === 0;
  }
  min(other: Decimal): Decimal {
    return this.compare(other) <= 0 ? this : other;
  }
  max(other: Decimal): Decimal {
    return this.compare(other) >= 0 ? this : other;
  }
  get isZero(): boolean {
    return this.units === 0n;
  }
  get isNegative(): boolean {
    return this.units < 0n;
  }
  get isWhole(): boolean {
    return this.units % power(this.scale) === 0n;
  }
  /** Rounded to `places` decimals, all of them written. */
  toFixed(places: number): string {
    const units =
      places >= this.scale
        ? this.units * power(places - this.scale)
        : roundedQuotient(this.units, power(this.scale - places));
    return write(units, places);
  }
  /** Every digit, no trailing zeros. */
  toString(): string {
    const text = write(this.units, this.scale);
    return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  }
  toJSON(): string {
    return this.toString();
  }
  /** For charts and the like only: a float. */
  toNumber(): number {
    return Number(this.toString());
  }
}

function roundedQuotient(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const rest = numerator % denominator;
  const twice = 2n * (rest < 0n ? -rest : rest);
  if (twice < (denominator < 0n ? -denominator : denominator)) return quotient;
  return numerator < 0n === denominator < 0n ? quotient + 1n : quotient - 1n;
}

function write(units: bigint, places: number): string {
  const negative = units < 0n;
  const digits = String(negative ? -units : units).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const text = places === 0 ? whole : `${whole}.${digits.slice(digits.length - places)}`;
  return negative ? `-${text}` : text;
}
