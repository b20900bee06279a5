import { COMPONENTS } from "../components";
import { Decimal } from "../decimal";
import type { CostDiff, LineChange } from "../diff";
import type { Estimate } from "../estimate";
import type { CostLine } from "../line";
import { markdownTable } from "./columns";
import { change, money } from "./money";
import { openNote, openText } from "./table";
import { totalMonthly, usageOnly } from "./totals";

/** A difference for a pull request's comment. */
export function markdownDiff(result: CostDiff): string {
  const { before, after, delta, changes } = result;
  const { currency } = after;
  const usage = totalMonthly(usageOnly(after.lines)).expected;
  const baseline = after.monthly.expected.minus(usage);
  const verb = delta.expected.isZero ? "not change" : delta.expected.isNegative ? "decrease" : "increase";
  const amount = delta.expected.isNegative ? delta.expected.negated() : delta.expected;
  const sentence = `Monthly cost will ${verb}${delta.expected.isZero ? "" : ` by ${money(amount, currency)}`}`;
  const summary = markdownTable(
    ["Changed mesh", "Baseline cost", "Usage cost*", "Total change", "New monthly cost"],
    [
      [
        `${after.mesh} on ${after.backend}${before.backend === after.backend ? "" : ` (was ${before.backend})`}`,
        ...[
          money(baseline, currency),
          money(usage, currency),
          change(delta.expected, currency),
          money(after.monthly.expected, currency),
        ],
      ],
    ],
    ["left", "right", "right", "right", "right"],
  );
  const details =
    changes.length === 0
      ? ""
      : `<details>\n<summary>Cost details</summary>\n\n\`\`\`\n${tableDiff(result)}\`\`\`\n\n</details>`;
  const open = after.open > 0 ? openNote(after.open) : "";
  return `${["## 💰 MeshUp cost report", `### ${sentence} 📅`, summary, open, details].filter((part) => part !== "").join("\n\n")}\n`;
}

/** The same for a terminal: `+` added, `~` changed, `-` removed. */
export function tableDiff({ before, after, delta, changes }: CostDiff): string {
  const { currency } = after;
  const out: string[] = ["Key: * usage cost, ~ changed, + added, - removed", ""];
  const owners = new Map<string, LineChange[]>();
  for (const item of changes) owners.set(item.owner, [...(owners.get(item.owner) ?? []), item]);
  for (const [owner, items] of owners) {
    out.push(`${ownerKind(items, before, after, owner)} ${owner}`);
    for (const item of items) out.push(...changeText(item, currency).map((text) => `    ${text}`));
    out.push("");
  }
  out.push(
    `Monthly cost change for ${after.mesh} on ${after.backend}`,
    `Amount:  ${change(delta.expected, currency)} (${money(before.monthly.expected, currency)} → ${money(after.monthly.expected, currency)})`,
    "",
  );
  return out.join("\n");
}
const ownerKind = (items: readonly LineChange[], before: Estimate, after: Estimate, owner: string): string =>
  !before.byOwner.has(owner) ? "+" : !after.byOwner.has(owner) ? "-" : items.length > 0 ? "~" : " ";
function changeText({ kind, component, name, before, after, delta }: LineChange, currency: string): string[] {
  const star = (after ?? before)?.usageBased ? " *" : "";
  const side = (line?: CostLine): string =>
    line
      ? line.monthly
        ? money(line.monthly.expected, currency)
        : openText(line, currency)
      : money(Decimal.zero, currency);
  const from = kind === "~" ? ` (${side(before)} → ${side(after)})` : "";
  const text = delta
    ? change(delta.expected, currency)
    : kind === "~"
      ? ""
      : openText((after ?? before) as CostLine, currency);
  return [`${kind} ${COMPONENTS[component]}: ${name}${star}`, `  ${`${text}${from}`.trim()}`];
}
