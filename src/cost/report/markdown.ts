import { COMPONENTS, componentNames } from "../components";
import type { Estimate } from "../estimate";
import type { CostLine } from "../line";
import { isNothing } from "../scenarios";
import { markdownTable } from "./columns";
import { money, quantity } from "./money";
import { linesByOwner } from "./totals";
import { openNote, openText, range } from "./table";

const cost = (line: CostLine, currency: string): string =>
  line.monthly ? `${money(line.monthly.expected, currency)}${line.usageBased ? " *" : ""}` : openText(line, currency);

/** One estimate as a page. */
export function markdown(estimate: Estimate): string {
  const { currency } = estimate;
  const parts = [
    `## 💰 ${estimate.mesh} on ${estimate.backend}: ${money(estimate.monthly.expected, currency)} a month`,
    `${estimate.region}, ${estimate.platform.title}. ${estimate.book.title} (${estimate.book.name}, read ${estimate.book.dateRead}).`,
    markdownTable(
      ["", "Low", "Expected", "High"],
      [
        ...componentNames
          .filter((name) => !isNothing(estimate.byComponent[name]))
          .map((name) => [COMPONENTS[name], ...range(estimate.byComponent[name], currency)]),
        ["**Total**", ...range(estimate.monthly, currency)],
      ],
      ["left", "right", "right", "right"],
    ),
  ];
  for (const [owner, lines] of linesByOwner(estimate))
    parts.push(
      `### ${owner}`,
      markdownTable(
        ["Name", "Monthly Qty", "Unit", "Monthly Cost"],
        lines.map((line) => [
          `${COMPONENTS[line.component]}: ${line.name}`,
          line.monthly && line.quantity ? quantity(line.quantity.expected) : "",
          line.unit,
          cost(line, currency),
        ]),
        ["left", "right", "left", "right"],
      ),
    );
  if (estimate.open > 0) parts.push(openNote(estimate.open));
  parts.push("`*` usage cost", findingsText(estimate));
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

const findingsText = ({ findings }: Estimate): string =>
  findings
    .map(
      ({ level, code, message }) =>
        `- ${level === "error" ? "❌" : level === "warning" ? "⚠️" : "ℹ️"} ${code}: ${message}`,
    )
    .join("\n");
