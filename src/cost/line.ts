import type { Finding } from "../model/finding";
import { costFinding } from "./codes";
import type { Component } from "./components";
import type { Decimal } from "./decimal";
import type { Demand } from "./demand";
import { charge, type Price, type Tier, tierLabel } from "./price";
import { findPrice, type PriceBook } from "./price-book";
import type { scenarioNames } from "./scenarios";
import { addScenarios, isNothing, mapScenarios, type Scenarios } from "./scenarios";

/** One line of the bill: one demand, or one tier of it. */
export interface CostLine {
  readonly owner: string;
  readonly component: Component;
  /** With the tier where there are several: `Certificates (first 1K)`. */
  readonly name: string;
  readonly sku: string;
  readonly unit: string;
  readonly usageBased: boolean;
  /** Of one unit. Absent: the vendor has to be asked, and `ask` says how. */
  readonly price?: Decimal;
  readonly ask?: string;
  /** Units a month. Absent with `monthly`: `missing` says what has to be known first. */
  readonly quantity?: Scenarios;
  readonly monthly?: Scenarios;
  readonly missing?: string;
}
export interface Priced {
  readonly lines: readonly CostLine[];
  readonly used: ReadonlySet<Price>;
  readonly findings: readonly Finding[];
}

/** Prices every demand. Demands on a price whose tiers count the whole account are added up first. */
export function priceDemands(demands: readonly Demand[], book: PriceBook, region: string): Priced {
  const lines: CostLine[] = [];
  const used = new Set<Price>();
  const unpriced = new Map<string, Finding>();
  const pooled = new Map<string, { demand: Demand; price: Price; open: number }>();
  for (const demand of demands) {
    const found = findPrice(book, demand.sku, region);
    if (!found.price) {
      if (!unpriced.has(demand.sku)) unpriced.set(demand.sku, noPrice(demand, book, region, found.regions));
      continue;
    }
    const { price } = found;
    used.add(price);
    if (price.scope === "each" || price.tiers.length < 2) {
      addLines(lines, demand, price);
      continue;
    }
    const key = `${demand.sku} ${demand.name}`;
    const pool = pooled.get(key);
    pooled.set(key, pool ? pour(pool, demand) : { ...pour(undefined, demand), price });
  }
  for (const { demand, price, open } of pooled.values()) {
    if (demand.quantity) addLines(lines, demand, price);
    if (open > 0)
      addLines(
        lines,
        {
          ...demand,
          quantity: undefined,
          missing: open === 1 ? demand.missing : `${demand.missing} and ${open - 1} more`,
        },
        price,
      );
  }
  const asked = [...used]
    .filter(({ ask }) => ask !== undefined)
    .map(({ sku, ask, place }) =>
      costFinding("MESH5037", sku, `no price: ${ask}`, "Add the price in a book of your own.", place),
    );
  return { lines, used, findings: [...unpriced.values(), ...asked] };
}

type Pool = { readonly demand: Demand; readonly open: number };
function pour<P extends Pool>(pool: P | undefined, demand: Demand): P & Pool {
  const before = pool?.demand.quantity;
  const quantity = before && demand.quantity ? addScenarios(before, demand.quantity) : (before ?? demand.quantity);
  const missing = pool?.demand.missing ?? (demand.quantity ? undefined : demand.missing);
  const open = (pool?.open ?? 0) + (demand.quantity ? 0 : 1);
  return { ...(pool as P), demand: { ...demand, owner: "mesh", quantity, missing }, open };
}

function addLines(lines: CostLine[], demand: Demand, price: Price): void {
  const { owner, component, name, sku, quantity, missing, usageBased } = demand;
  const { unit, ask, perZeros, tiers } = price;
  const [only] = tiers;
  if (ask !== undefined) lines.push({ owner, component, name, sku, unit, usageBased, ask, quantity });
  else if (!quantity) {
    const tier = tiers.find((t) => !t.price.isZero) ?? (only as Tier);
    lines.push({ owner, component, name: named(name, price, tier), sku, unit, usageBased, price: tier.price, missing });
  } else if (only && tiers.length === 1) {
    const units = perZeros === 0 ? quantity : mapScenarios(quantity, (v) => v.shifted(-perZeros));
    const monthly = mapScenarios(units, (v) => v.times(only.price));
    lines.push({ owner, component, name, sku, unit, usageBased, price: only.price, quantity: units, monthly });
  } else addTiers(lines, demand, price, quantity);
}
function addTiers(lines: CostLine[], demand: Demand, price: Price, quantity: Scenarios): void {
  const { owner, component, name, sku, usageBased } = demand;
  const charges = mapEach(quantity, (v) => charge(price, v));
  price.tiers.forEach((tier, i) => {
    const units = mapEach(charges, (c) => c[i]?.quantity as Decimal);
    if (isNothing(units) && !(i === 0 && isNothing(quantity))) return;
    const monthly = mapEach(charges, (c) => c[i]?.monthly as Decimal);
    const label = named(name, price, tier);
    lines.push({
      owner,
      component,
      name: label,
      sku,
      unit: price.unit,
      usageBased,
      price: tier.price,
      quantity: units,
      monthly,
    });
  });
}
const named = (name: string, price: Price, tier: Tier): string => {
  const label = tierLabel(price, tier);
  return label === "" ? name : `${name} (${label})`;
};
type Each<T> = Record<(typeof scenarioNames)[number], T>;
const mapEach = <A, B>(each: Each<A>, f: (value: A) => B): Each<B> => {
  const low = f(each.low);
  const expected = each.expected === each.low ? low : f(each.expected);
  return { low, expected, high: each.high === each.expected ? expected : f(each.high) };
};

function noPrice(demand: Demand, book: PriceBook, region: string, regions: readonly string[]): Finding {
  const place = demand.place ?? {};
  return regions.length === 0
    ? costFinding(
        "MESH5030",
        demand.sku,
        `the price book ${book.name} has no SKU ${demand.sku}${demand.place ? "" : ` (${demand.name})`}`,
        demand.place
          ? "Correct the SKU, or add it to a price book."
          : `Use a book that has it, or add it to one that extends ${book.name}.`,
        place,
      )
    : costFinding(
        "MESH5031",
        demand.sku,
        `the price book ${book.name} prices ${demand.sku} in ${regions.join(", ")}, not in ${region}`,
        `Add its price in ${region} to a book that extends ${book.name}, or choose another region.`,
        place,
      );
}
