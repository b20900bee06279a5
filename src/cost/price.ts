import type { Place } from "./codes";
import { Decimal } from "./decimal";
import { hourlyFromMonthly, monthlyFromHourly } from "./units";

/** From `from` up to but not including `to`, in single units. The last tier has no end. */
export interface Tier {
  readonly from: Decimal;
  readonly to?: Decimal;
  readonly price: Decimal;
}
export interface Price {
  readonly sku: string;
  readonly provider: string;
  /** `*`: the same in every region. */
  readonly region: string;
  /** What one `price` buys: `vCPU-hours`, `GB`, `1M requests`. */
  readonly unit: string;
  /** Zeros of the single units in one `unit`: 6 for `1M requests`. */
  readonly perZeros: number;
  /** Over which time a quantity runs through the tiers. */
  readonly period: "hour" | "month";
  /** Whose quantities run through the tiers together: each service's own, or all of the account's. */
  readonly scope: "each" | "account";
  /** From 0 without gaps. Empty only where `ask` says whom to ask. */
  readonly tiers: readonly Tier[];
  readonly ask?: string;
  readonly source: string;
  /** ISO date. */
  readonly dateRead: string;
  readonly note?: string;
  /** A published price that says otherwise. */
  readonly contradictedBy?: { readonly text: string; readonly source: string; readonly dateRead: string };
  /** The price book it was written in. */
  readonly book: string;
  readonly place: Place;
}

/** What one tier takes of a quantity. */
export interface Charge {
  readonly tier: Tier;
  /** In `unit`s, a month. */
  readonly quantity: Decimal;
  readonly monthly: Decimal;
}

/** One charge a tier, zero quantities included, of a month's quantity in single units. */
export function charge(price: Price, monthly: Decimal): readonly Charge[] {
  const [only] = price.tiers;
  if (only && price.tiers.length === 1) return [charged(price, only, monthly)];
  const hourly = price.period === "hour";
  const total = hourly ? hourlyFromMonthly(monthly) : monthly;
  return price.tiers.map((tier) => {
    const upper = tier.to ? total.min(tier.to) : total;
    const quantity = upper.minus(tier.from).max(Decimal.zero);
    return charged(price, tier, hourly ? monthlyFromHourly(quantity) : quantity);
  });
}

function charged(price: Price, tier: Tier, singles: Decimal): Charge {
  const quantity = singles.shifted(-price.perZeros);
  return { tier, quantity, monthly: quantity.times(tier.price) };
}

/** `first 1K`, `next 9K`, `over 10K`; empty for a price without tiers. */
export function tierLabel(price: Price, tier: Tier): string {
  if (price.tiers.length === 1) return "";
  if (!tier.to) return `over ${short(tier.from)}`;
  const span = tier.to.minus(tier.from);
  return `${tier.from.isZero ? "first" : "next"} ${short(span)}${price.period === "hour" ? " an hour" : ""}`;
}

function short(value: Decimal): string {
  for (const [size, letter] of [
    ["1000000000", "B"],
    ["1000000", "M"],
    ["1000", "K"],
  ] as const)
    if (value.compare(Decimal.of(size)) >= 0) return `${value.dividedBy(Decimal.of(size), 3).toString()}${letter}`;
  return value.toString();
}
