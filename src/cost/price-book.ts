import type { Finding } from "../model/finding";
import { costFinding, type CostCode } from "./codes";
import type { Component } from "./components";
import { Decimal } from "./decimal";
import { pathText, readDocument, type Source } from "./document";
import { BUNDLED_TEXTS } from "./generated/data";
import type { Price, Tier } from "./price";
import { type Entry, type PriceBookDocument, priceBookSchema } from "./price-book-schema";

export interface PriceBook {
  readonly name: string;
  readonly title: string;
  /** ISO date, of the book itself; every price has its own. */
  readonly dateRead: string;
  readonly currency: string;
  /** The components that this book prices. Absent: all. */
  readonly covers?: readonly Component[];
  /** By SKU, then by region (`*`: every region). */
  readonly prices: ReadonlyMap<string, ReadonlyMap<string, Price>>;
}
export interface LoadBookOptions {
  /** Named in findings. */
  readonly file?: string;
  /** The text of a book that `extends` names and that is not bundled. Default: none is known. */
  readonly resolve?: (name: string) => string | undefined;
}
export interface LoadedBook {
  /** Absent when there is an error. */
  readonly book?: PriceBook;
  readonly findings: readonly Finding[];
}

/** Reads a price book and every book that it extends. Reads no file: `resolve` brings the texts. */
export const loadBook = (text: string, options: LoadBookOptions = {}): LoadedBook =>
  load(text, options, [options.file ?? "this book"]);

const bundled = new Map<string, PriceBook>();
export const bookNames: readonly string[] = Object.keys(BUNDLED_TEXTS.books);
/** A bundled book, `vendor` or `article`. Throws a RangeError for another name. */
export function bundledBook(name: string): PriceBook {
  const known = bundled.get(name);
  if (known) return known;
  const text = bundledText(name);
  if (text === undefined) throw new RangeError(`no bundled price book "${name}"; there are ${bookNames.join(" and ")}`);
  const { book, findings } = loadBook(text, { file: name });
  if (!book) throw new Error(findings.map((f) => `${f.file}:${f.line} ${f.message}`).join("\n"));
  bundled.set(name, book);
  return book;
}
const bundledText = (name: string): string | undefined =>
  Object.hasOwn(BUNDLED_TEXTS.books, name) ? BUNDLED_TEXTS.books[name as keyof typeof BUNDLED_TEXTS.books] : undefined;

function load(text: string, options: LoadBookOptions, chain: readonly string[]): LoadedBook {
  const source = readDocument<PriceBookDocument>(text, priceBookSchema, options.file);
  if (!source.value) return { findings: source.findings };
  const reader = new Reader(source);
  const bases = source.value.extends.flatMap((name, i) => {
    const base = loadBase(name, i, reader, options, chain);
    return base ? [base] : [];
  });
  const prices = reader.layer(bases);
  const failed = reader.findings.some((f) => f.level === "error");
  const { name, title, dateRead, currency, covers } = source.value;
  return {
    ...(failed ? {} : { book: { name, title: title ?? name, dateRead, currency, covers, prices } }),
    findings: reader.findings,
  };
}

function loadBase(
  name: string,
  index: number,
  reader: Reader,
  options: LoadBookOptions,
  chain: readonly string[],
): PriceBook | undefined {
  const at = ["extends", index];
  const { document } = reader;
  const text = bundledText(name) ?? options.resolve?.(name);
  if (chain.includes(name))
    return reader.report("MESH5007", at, `${[...chain, name].join(" → ")}`, "Break the circle of `extends`.");
  if (text === undefined)
    return reader.report(
      "MESH5008",
      at,
      `no price book "${name}"`,
      `Name a bundled book (${bookNames.join(", ")}) or a file beside this one.`,
    );
  const { book, findings } = load(text, { ...options, file: name }, [...chain, name]);
  reader.findings.push(...findings);
  if (!book) return undefined;
  const pinned = document.pin[name];
  if (pinned !== undefined && pinned !== book.dateRead)
    return reader.report(
      "MESH5009",
      ["pin", name],
      `${name} is pinned to ${pinned}, and the one at hand was read on ${book.dateRead}`,
      "Review the new prices and move the pin, or keep a copy of the old book.",
    );
  if (book.currency !== document.currency)
    return reader.report(
      "MESH5010",
      at,
      `${name} is in ${book.currency}, this book in ${document.currency}`,
      "Keep one currency; MeshUp converts none.",
    );
  return book;
}

/** Turns one document's entries into prices over those of the books below, collecting every finding. */
class Reader {
  readonly findings: Finding[] = [];
  readonly document: PriceBookDocument;

  constructor(private readonly source: Source<PriceBookDocument>) {
    this.document = source.value as PriceBookDocument;
  }

  report(code: CostCode, path: readonly PropertyKey[], message: string, remedy: string): undefined {
    this.findings.push(costFinding(code, pathText(path), message, remedy, this.source.place(path)));
  }

  layer(bases: readonly PriceBook[]): Map<string, Map<string, Price>> {
    const prices = new Map<string, Map<string, Price>>();
    for (const base of bases)
      for (const [sku, regions] of base.prices) prices.set(sku, new Map([...(prices.get(sku) ?? []), ...regions]));
    const own = new Set<string>();
    this.document.prices.forEach((entry, i) => {
      const price = this.price(entry, i);
      const regions = prices.get(entry.sku) ?? new Map<string, Price>();
      const key = `${entry.sku} in ${entry.region === "*" ? "every region" : entry.region}`;
      const known = regions.has(entry.region);
      if (own.has(key)) this.report("MESH5005", ["prices", i], `${key} is priced twice`, "Keep one of the two.");
      else if (known && !entry.override)
        this.report(
          "MESH5005",
          ["prices", i],
          `${key} is priced by ${regions.get(entry.region)?.book ?? "another book"} already`,
          "Say `override: true` to replace it.",
        );
      else if (entry.override && !prices.has(entry.sku))
        this.report(
          "MESH5006",
          ["prices", i, "sku"],
          `no book below prices ${entry.sku}`,
          "Correct the SKU, or leave out `override` for a new one.",
        );
      own.add(key);
      if (price) prices.set(entry.sku, regions.set(entry.region, price));
    });
    return prices;
  }

  private price(entry: Entry, i: number): Price | undefined {
    const at = ["prices", i] as const;
    const ways = [entry.price !== undefined, (entry.tiers?.length ?? 0) > 0, entry.ask !== undefined];
    if (ways.filter(Boolean).length !== 1)
      return this.report("MESH5002", at, `${entry.sku} needs exactly one of price, tiers and ask`, "Keep one.");
    const zeros = /^10*$/.test(String(entry.per)) ? String(entry.per).length - 1 : undefined;
    if (zeros === undefined)
      return this.report("MESH5002", [...at, "per"], "per is not 1, 10, 100, …", "Use a power of ten.");
    const tiers = this.tiers(entry, i);
    if (!tiers) return undefined;
    const { sku, provider, region, unit, period, scope, ask, source, note, contradictedBy } = entry;
    return {
      ...{ sku, provider, region, unit, period, scope, ask, source, note, contradictedBy, tiers, perZeros: zeros },
      dateRead: entry.dateRead ?? this.document.dateRead,
      book: this.document.name,
      place: this.source.place(at),
    };
  }

  private tiers(entry: Entry, i: number): readonly Tier[] | undefined {
    if (entry.ask !== undefined) return [];
    if (entry.price !== undefined) {
      const price = this.amount(entry.price, ["prices", i, "price"]);
      return price && [{ from: Decimal.zero, price }];
    }
    const tiers: Tier[] = [];
    for (const [j, written] of (entry.tiers ?? []).entries()) {
      const at = ["prices", i, "tiers", j] as const;
      const from = this.amount(written.from, [...at, "from"]);
      const to = written.to === undefined ? undefined : this.amount(written.to, [...at, "to"]);
      const price = this.amount(written.price, [...at, "price"]);
      if (!from || !price || (written.to !== undefined && !to)) return undefined;
      const expected = tiers.length === 0 ? Decimal.zero : tiers[tiers.length - 1]?.to;
      const last = j === (entry.tiers?.length ?? 0) - 1;
      if (!expected?.equals(from))
        return this.report(
          "MESH5004",
          [...at, "from"],
          `this tier of ${entry.sku} starts at ${from}, and the one before ends at ${expected ?? "no limit"}`,
          "Start each tier where the one before ends, the first at 0.",
        );
      if (last ? to !== undefined : to === undefined || to.compare(from) <= 0)
        return this.report(
          "MESH5004",
          [...at, last ? "to" : "from"],
          last
            ? `the last tier of ${entry.sku} ends at ${to}: nothing prices what is above`
            : `a tier of ${entry.sku} has no end or is empty`,
          "Give every tier but the last a `to` above its `from`.",
        );
      tiers.push({ from, ...(to ? { to } : {}), price });
    }
    return tiers;
  }

  private amount(value: string | number, path: readonly PropertyKey[]): Decimal | undefined {
    const amount = Decimal.parse(value);
    if (amount && !amount.isNegative) return amount;
    return this.report("MESH5003", path, `${value} is not a number of 0 or more`, "Write a price as 0.025.");
  }
}

export type Lookup = { readonly price: Price } | { readonly price?: undefined; readonly regions: readonly string[] };
/** A price of the region, or of every region; else the regions that have one (none: the SKU is unknown). */
export function findPrice(book: PriceBook, sku: string, region: string): Lookup {
  const regions = book.prices.get(sku);
  const price = regions?.get(region) ?? regions?.get("*");
  return price ? { price } : { regions: [...(regions?.keys() ?? [])] };
}
