import type { Finding } from "../model/finding";
import { costFinding } from "./codes";
import type { Decimal } from "./decimal";
import type { Estimate } from "./estimate";
import { money } from "./report/money";

/** A monthly budget in the price book's currency, held against the expected total. Undefined: within it. */
export function overBudget(estimate: Estimate, budget: Decimal): Finding | undefined {
  const { monthly, currency, backend, open } = estimate;
  if (monthly.expected.compare(budget) <= 0) return undefined;
  return costFinding(
    "MESH5040",
    `backends.${backend}`,
    `${money(monthly.expected, currency)} a month on ${backend} is over the budget of ${money(budget, currency)}${open > 0 ? `, without ${open} open lines` : ""}`,
    "Raise the budget, or look for what to save: meshup cost compare FILE.",
  );
}
