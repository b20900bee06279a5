import { COMPONENTS, componentNames } from "../components";
import { NOT_MEASURED } from "../demand";
import type { Estimate } from "../estimate";
import type { CostLine } from "../line";
import { isNothing, type Scenarios } from "../scenarios";
import { columns } from "./columns";
import { money, quantity, unitPrice } from "./money";
import { linesByOwner, totalMonthly, usageOnly } from "./totals";

/** The estimate as Infracost's users know it: expected cost by what causes it, `*` where usage does. */
export function table(estimate: Estimate): string {
  const { currency } = estimate;
  const rows: string[][] = [["Name", "Monthly Qty", "Unit", "Monthly Cost", ""], [""]];
  for (const [owner, lines] of linesByOwner(estimate)) {
    rows.push([owner]);
    lines.forEach((line, i) => rows.push(lineRow(line, i === lines.length - 1 ? "└─" : "├─", currency)));
    rows.push([""]);
  }
  rows.push(["OVERALL TOTAL", "", "", money(estimate.monthly.expected, currency), ""]);
  const body = columns(rows, ["left", "right", "left", "right", "left"]);
  const usage = totalMonthly(usageOnly(estimate.lines)).expected;
  const summary = columns(
    [
      ["", "Low", "Expected", "High"],
      ...componentNames
        .filter((name) => !isNothing(estimate.byComponent[name]))
        .map((name) => [COMPONENTS[name], ...range(estimate.byComponent[name], currency)]),
      ["Total", ...range(estimate.monthly, currency)],
    ],
    ["left", "right", "right", "right"],
  );
  return [
    `Mesh ${estimate.mesh} on ${estimate.backend}: ${estimate.region}, ${estimate.platform.title}; ${estimate.book.title} (${estimate.book.name}, ${estimate.book.dateRead})`,
    "",
    body,
    "",
    `*Usage costs: ${money(usage, currency)} of the total; the rest is the mesh's baseline.`,
    "",
    summary,
    ...(estimate.open > 0 ? ["", openNote(estimate.open)] : []),
    "",
  ].join("\n");
}

function lineRow(line: CostLine, branch: string, currency: string): string[] {
  const name = ` ${branch} ${COMPONENTS[line.component]}: ${line.name}`;
  const star = line.usageBased ? "*" : "";
  if (line.monthly && line.quantity)
    return [name, quantity(line.quantity.expected), line.unit, money(line.monthly.expected, currency), star];
  return [`${name}  ${openText(line, currency)}`];
}
/** What stands where a cost cannot. */
export const openText = (line: CostLine, currency: string): string =>
  line.ask !== undefined
    ? `Price on request: ${line.ask}`
    : line.missing === NOT_MEASURED
      ? `Monthly cost not measured: ${line.price ? unitPrice(line.price, currency) : "?"} per ${line.unit}`
      : `Monthly cost depends on usage: ${line.price ? unitPrice(line.price, currency) : "?"} per ${line.unit}${line.missing ? ` (${line.missing})` : ""}`;
export const openNote = (open: number): string =>
  `${open} ${open === 1 ? "line has" : "lines have"} no cost yet and ${open === 1 ? "is" : "are"} in no total: each says what is missing.`;
export const range = ({ low, expected, high }: Scenarios, currency: string): string[] =>
  [low, expected, high].map((amount) => money(amount, currency));
