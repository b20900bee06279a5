import type { CostDiff } from "../diff";
import type { Decimal } from "../decimal";
import type { Estimate } from "../estimate";
import type { CostLine } from "../line";
import { hourlyFromMonthly } from "../units";
import { hourly, linesByOwner, totalHourly, totalMonthly, usageOnly } from "./totals";

export interface JsonOptions {
  /** ISO date and time. */
  readonly timeGenerated: string;
  /** The mesh's file. */
  readonly path: string;
}
const VERSION = "0.2";
type Json = Record<string, unknown>;

/** Infracost's output format, so that its consumers read a mesh's cost: expected amounts, low and high as metadata. */
export function json(estimates: readonly Estimate[], options: JsonOptions): string {
  const [only] = estimates.length === 1 ? estimates : [];
  const totals = only ? breakdownTotals(only.lines) : EMPTY_TOTALS;
  return write({
    ...root("breakdown", estimates[0]?.currency ?? "USD", options),
    projects: estimates.map((estimate) =>
      project(estimate, options, breakdown([]), breakdown(estimate.lines, estimate)),
    ),
    ...totals,
    // Alternatives are not added up: with several backends the root has no total.
    ...past(totals, only ? { totalHourlyCost: "0", totalMonthlyCost: "0", totalMonthlyUsageCost: "0" } : EMPTY_TOTALS),
    summary: summary(estimates.flatMap(({ lines }) => lines)),
  });
}

/** The same of a difference: `pastBreakdown`, `breakdown` and `diff` of one project. */
export function jsonDiff({ before, after }: CostDiff, options: JsonOptions): string {
  const now = breakdownTotals(after.lines);
  const then = breakdownTotals(before.lines);
  return write({
    ...root("diff", after.currency, options),
    projects: [project(after, options, breakdown(before.lines, before), breakdown(after.lines, after), before.lines)],
    ...now,
    ...past(totalsOf(difference(after.lines, before.lines)), then),
    summary: summary(after.lines),
  });
}

const write = (value: Json): string => `${JSON.stringify(value, null, 2)}\n`;
const root = (command: string, currency: string, { timeGenerated }: JsonOptions): Json => ({
  version: VERSION,
  metadata: {
    infracostCommand: command,
    ...{ vcsBranch: "", vcsCommitSha: "", vcsCommitAuthorName: "", vcsCommitAuthorEmail: "", vcsCommitMessage: "" },
    vcsCommitTimestamp: timeGenerated,
  },
  currency,
  timeGenerated,
});
interface Amounts {
  readonly hourly: Decimal;
  readonly monthly: Decimal;
  readonly usage: Decimal;
}
const amounts = (lines: readonly CostLine[]): Amounts => ({
  hourly: totalHourly(lines).expected,
  monthly: totalMonthly(lines).expected,
  usage: totalMonthly(usageOnly(lines)).expected,
});
const difference = (after: readonly CostLine[], before: readonly CostLine[]): Amounts => {
  const [a, b] = [amounts(after), amounts(before)];
  return { hourly: a.hourly.minus(b.hourly), monthly: a.monthly.minus(b.monthly), usage: a.usage.minus(b.usage) };
};
interface Totals {
  readonly totalHourlyCost: string | null;
  readonly totalMonthlyCost: string | null;
  readonly totalMonthlyUsageCost: string | null;
}
const EMPTY_TOTALS: Totals = { totalHourlyCost: null, totalMonthlyCost: null, totalMonthlyUsageCost: null };
const totalsOf = ({ hourly, monthly, usage }: Amounts): Totals => ({
  totalHourlyCost: hourly.toString(),
  totalMonthlyCost: monthly.toString(),
  totalMonthlyUsageCost: usage.toString(),
});
const breakdownTotals = (lines: readonly CostLine[]): Totals => totalsOf(amounts(lines));
const past = (diff: Totals, then: Totals): Json => ({
  pastTotalHourlyCost: then.totalHourlyCost,
  pastTotalMonthlyCost: then.totalMonthlyCost,
  pastTotalMonthlyUsageCost: then.totalMonthlyUsageCost,
  diffTotalHourlyCost: diff.totalHourlyCost,
  diffTotalMonthlyCost: diff.totalMonthlyCost,
  diffTotalMonthlyUsageCost: diff.totalMonthlyUsageCost,
});

function project(
  estimate: Estimate,
  { path }: JsonOptions,
  before: Json,
  now: Json,
  pastLines: readonly CostLine[] = [],
): Json {
  const name = `${estimate.mesh}/${estimate.backend}`;
  return {
    name,
    displayName: name,
    metadata: { path, type: "meshup" },
    pastBreakdown: before,
    breakdown: now,
    diff: { resources: [], ...totalsOf(difference(estimate.lines, pastLines)) },
    summary: summary(estimate.lines),
  };
}
const breakdown = (lines: readonly CostLine[], estimate?: Estimate): Json => ({
  resources: estimate ? [...linesByOwner(estimate)].map(([owner, own]) => resource(owner, own, estimate)) : [],
  ...breakdownTotals(lines),
});
function resource(owner: string, lines: readonly CostLine[], estimate: Estimate): Json {
  const { hourly, monthly, usage } = amounts(lines);
  const { low, high } = totalMonthly(lines);
  const of = {
    backend: estimate.backend,
    region: estimate.region,
    platform: estimate.platform.name,
    priceBook: estimate.book.name,
  };
  return {
    name: owner,
    resourceType: `meshup_${owner.split(".")[0]}`,
    metadata: { ...of, lowMonthlyCost: low.toString(), highMonthlyCost: high.toString() },
    hourlyCost: hourly.toString(),
    monthlyCost: monthly.toString(),
    monthlyUsageCost: usage.toString(),
    costComponents: lines.map(costComponent),
  };
}
const costComponent = (line: CostLine): Json => ({
  name: line.name,
  unit: line.unit,
  hourlyQuantity: line.quantity ? hourlyFromMonthly(line.quantity.expected).toString() : null,
  monthlyQuantity: line.quantity?.expected.toString() ?? null,
  price: line.price?.toString() ?? "0",
  hourlyCost: hourly(line)?.expected.toString() ?? null,
  monthlyCost: line.monthly?.expected.toString() ?? null,
  usageBased: line.usageBased,
  priceNotFound: line.price === undefined,
});
function summary(lines: readonly CostLine[]): Json {
  const owners = (some: readonly CostLine[]): number => new Set(some.map(({ owner }) => owner)).size;
  const all = owners(lines);
  return {
    totalDetectedResources: all,
    totalSupportedResources: all,
    totalUnsupportedResources: 0,
    totalUsageBasedResources: owners(usageOnly(lines)),
    totalNoPriceResources: owners(lines.filter(({ price }) => price === undefined)),
    supportedResourceCounts: {},
    unsupportedResourceCounts: {},
    noPriceResourceCounts: {},
  };
}
