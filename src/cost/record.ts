import { z } from "zod";
import type { Finding } from "../model/finding";
import { costFinding, type CostCode } from "./codes";
import { Decimal } from "./decimal";
import type { Estimate } from "./estimate";
import { change, money } from "./report/money";

const amount = z.string().regex(/^-?\d+(\.\d+)?$/);
const schema = z.object({
  mesh: z.string(),
  backend: z.string(),
  region: z.string(),
  platform: z.string(),
  priceBook: z.string(),
  currency: z.string(),
  monthly: amount,
  low: amount,
  high: amount,
  byComponent: z.record(z.string(), amount),
  byOwner: z.record(z.string(), amount),
  open: z.number().int().nonnegative(),
});

/**
 * An estimate as plain data: what a stack exports and another run reads back. Amounts are decimal strings of a month,
 * exact, so that parts add up; `monthly` is the expected total.
 */
export type CostRecord = z.infer<typeof schema>;

const written = (amounts: Iterable<readonly [string, Decimal]>): Record<string, string> =>
  Object.fromEntries([...amounts].flatMap(([key, value]) => (value.isZero ? [] : [[key, value.toString()]])));

export function recordOf(estimate: Estimate): CostRecord {
  const { mesh, backend, region, platform, book, currency, monthly, byComponent, byOwner, open } = estimate;
  return {
    ...{ mesh, backend, region, platform: platform.name, priceBook: book.name, currency, open },
    monthly: monthly.expected.toString(),
    low: monthly.low.toString(),
    high: monthly.high.toString(),
    byComponent: written(Object.entries(byComponent).map(([name, { expected }]) => [name, expected])),
    byOwner: written([...byOwner].map(([owner, { expected }]) => [owner, expected])),
  };
}

/** Reads one back. Undefined: it is something else. */
export function readRecord(value: unknown): CostRecord | undefined {
  const { success, data } = schema.safeParse(value);
  return success ? data : undefined;
}

/** Every record in a value, however deep: a stack may export a mesh's cost under any name. */
export function recordsIn(value: unknown): readonly CostRecord[] {
  const own = readRecord(value);
  if (own) return [own];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(recordsIn);
}

const minus = (a: string, b: string): Decimal => Decimal.of(a).minus(Decimal.of(b));
function lessBy(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): Record<string, string> {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return written(keys.map((key) => [key, minus(a[key] ?? "0", b[key] ?? "0")]));
}
/** What a mesh costs more than a part of it: the share of who adds the rest. */
export const recordLess = (whole: CostRecord, part: CostRecord): CostRecord => ({
  ...whole,
  monthly: minus(whole.monthly, part.monthly).toString(),
  low: minus(whole.low, part.low).toString(),
  high: minus(whole.high, part.high).toString(),
  byComponent: lessBy(whole.byComponent, part.byComponent),
  byOwner: lessBy(whole.byOwner, part.byOwner),
  open: Math.max(0, whole.open - part.open),
});

/** One line for a person: `$24.09 a month on istio (was $20.00, +$4.09), without 3 open lines`. */
export function recordLine(record: CostRecord, before?: CostRecord): string {
  const { backend, currency, monthly, open } = record;
  const now = Decimal.of(monthly);
  const moved = before && before.backend !== backend ? ` on ${before.backend}` : "";
  const was = before && before.currency === currency && Decimal.of(before.monthly);
  const difference = was && now.minus(was);
  const earlier = !difference
    ? ""
    : ` (was ${money(was, currency)}${moved}${difference.isZero ? "" : `, ${change(difference, currency)}`})`;
  const lines = open === 0 ? "" : `, without ${open} open ${open === 1 ? "line" : "lines"}`;
  // Nothing but open lines is not the same as free.
  if (now.isZero && open > 0 && (!difference || difference.isZero))
    return `not known on ${backend}: ${open} open ${open === 1 ? "line" : "lines"} (meshup cost says which)`;
  return `${money(now, currency)} a month on ${backend}${earlier}${lines}`;
}

/** The sum of records of one currency. Undefined: they have several, or there is none. */
export function totalOf(
  records: readonly CostRecord[],
): { readonly total: Decimal; readonly currency: string } | undefined {
  const [first] = records;
  if (!first || records.some(({ currency }) => currency !== first.currency)) return undefined;
  return { total: Decimal.sum(records.map(({ monthly }) => Decimal.of(monthly))), currency: first.currency };
}

/** A monthly budget held against the sum of some meshes. Undefined: within it. */
export function overStackBudget(
  records: readonly CostRecord[],
  budget: Decimal,
  { what, remedy, code = "MESH5040" }: { readonly what: string; readonly remedy: string; readonly code?: CostCode },
): Finding | undefined {
  const sum = totalOf(records);
  if (!sum || sum.total.compare(budget) <= 0) return undefined;
  const open = records.reduce((lines, record) => lines + record.open, 0);
  const names = records.map(({ mesh, backend }) => `${mesh} on ${backend}`).join(", ");
  return costFinding(
    code,
    "",
    `${money(sum.total, sum.currency)} a month (${names}) is over the budget of ${money(budget, sum.currency)} of ${what}${open > 0 ? `, without ${open} open lines` : ""}`,
    remedy,
  );
}
