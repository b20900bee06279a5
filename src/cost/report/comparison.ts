import type { Comparison } from "../compare";
import { COMPONENTS, componentNames } from "../components";
import type { Estimate } from "../estimate";
import { columns, markdownTable } from "./columns";
import { money } from "./money";

/** All backends side by side, as a terminal table. */
export function comparisonTable(comparison: Comparison): string {
  const rows = comparisonRows(comparison);
  return `${columns([HEAD, ...rows], ALIGN)}\n\n${verdict(comparison.cheapest?.estimate)}\n`;
}
export function comparisonMarkdown(comparison: Comparison): string {
  const rows = comparisonRows(comparison);
  return `${markdownTable(HEAD, rows, ALIGN)}\n\n${verdict(comparison.cheapest?.estimate)}\n`;
}
const HEAD = [
  "Backend",
  "Where",
  ...componentNames.map((name) => COMPONENTS[name]),
  "Monthly (low – high)",
  "Open",
  "Note",
];
const ALIGN = ["left", "left", ...componentNames.map(() => "right" as const), "right", "right", "left"] as const;
const comparisonRows = ({ alternatives, cheapest }: Comparison): string[][] =>
  alternatives.map(({ backend, estimate, excluded }) => {
    const { currency, monthly, byComponent, open, region, platform, lines } = estimate;
    const where = `${region} (${platform.name})`;
    const note = backend === cheapest?.backend ? "cheapest that can express the mesh" : (excluded[0] ?? "");
    if (lines.length === 0) return [backend, where, ...componentNames.map(() => "–"), "–", "–", note];
    const [low, high] = [money(monthly.low, currency), money(monthly.high, currency)];
    const span =
      low === high ? money(monthly.expected, currency) : `${money(monthly.expected, currency)} (${low} – ${high})`;
    const cell = (name: (typeof componentNames)[number]): string => {
      const own = lines.filter((line) => line.component === name);
      if (own.length === 0) return "–";
      return own.every((line) => !line.monthly) ? "open" : money(byComponent[name].expected, currency);
    };
    return [backend, where, ...componentNames.map(cell), span, open === 0 ? "" : String(open), note];
  });
const verdict = (cheapest?: Estimate): string =>
  cheapest
    ? `Cheapest that can express the mesh: ${cheapest.backend}, ${money(cheapest.monthly.expected, cheapest.currency)} a month${cheapest.open > 0 ? ` and ${cheapest.open} open ${cheapest.open === 1 ? "line" : "lines"}` : ""}. Open lines are in no total.`
    : "No backend can both express the mesh and be priced in full.";
