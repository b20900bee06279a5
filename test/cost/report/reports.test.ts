/** One small page a report, to be read by a person: `UPDATE_GOLDEN=1` writes them anew. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  compare,
  comparisonHtml,
  comparisonMarkdown,
  comparisonTable,
  Decimal,
  diff,
  estimate,
  html,
  markdown,
  markdownDiff,
  money,
  table,
  tableDiff,
} from "../../../src/cost";
import { change, quantity, unitPrice } from "../../../src/cost/report/money";
import { meshOf, usageOf } from "../support/mesh";

function golden(name: string, text: string): void {
  const file = join(__dirname, "../golden", name);
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, "utf8"));
}
const before = meshOf([
  { name: "web", replicas: 2, calls: ["cart"] },
  { name: "cart", replicas: 3 },
]);
const after = meshOf([{ name: "web", replicas: 3, calls: ["pay"] }, { name: "pay" }]);
const usage = usageOf({
  own: {
    "service.web": {
      requests_per_second: { average: 120, expected: 150, peak: 600 },
      monthly_data_gb: { average: 1500, peak: 6000 },
    },
  },
});

test("the table shows what is known, what depends on usage, and the range", () =>
  golden("table.txt", table(estimate(before, "vpc-lattice", { usage }))));
test("markdown", () => golden("estimate.md", markdown(estimate(before, "istio", { usage }))));
test("a difference in a terminal", () =>
  golden("diff.txt", tableDiff(diff(estimate(before, "linkerd", { usage }), estimate(after, "linkerd", { usage })))));
test("a difference for a pull request", () =>
  golden("diff.md", markdownDiff(diff(estimate(before, "linkerd", { usage }), estimate(after, "linkerd", { usage })))));

const cannot = (backend: string) => (backend === "gcsm" ? ["it cannot do this"] : []);
test("all backends side by side", () => golden("compare.txt", comparisonTable(compare(before, cannot, { usage }))));
test("the same in markdown is a table of as many columns in every row", () => {
  const rows = comparisonMarkdown(compare(before, cannot, { usage }))
    .split("\n")
    .filter((l) => l.startsWith("|"));
  expect(new Set(rows.map((row) => row.split("|").length)).size).toBe(1);
  expect(rows.length).toBe(9);
});

describe("html", () => {
  test("is one page with a chart, without scripts or anything from elsewhere", () => {
    for (const page of [
      html(estimate(before, "istio", { usage })),
      comparisonHtml(compare(before, cannot, { usage })),
    ]) {
      expect(page).toMatch(/<svg [^>]*role="img"/);
      expect(page).not.toMatch(/<script|<link|src=/);
    }
  });
  test("draws every component to scale: widths add up to the total's share of the longest bar", () => {
    const result = estimate(before, "istio", { usage });
    const bars = html(result).match(/<rect [^>]*y="36"[^>]*width="[\d.]+"/g) ?? [];
    const width = bars.reduce((sum, bar) => sum + Number(/width="([\d.]+)"/.exec(bar)?.[1]), 0);
    expect(width).toBeCloseTo((560 * result.monthly.expected.toNumber()) / result.monthly.high.toNumber(), 0);
  });
  test("escapes names that come from the mesh", () => {
    const page = html({ ...estimate(before, "istio"), mesh: `<img src=x onerror="alert(1)">` });
    expect(page).not.toContain("<img");
    expect(page).toContain("&lt;img src=x onerror=&quot;");
  });
});

test.each([
  ["thousands are grouped", money(Decimal.of("1234567.895"), "USD"), "$1,234,567.90"],
  ["other currencies are named", money(Decimal.of(5), "EUR"), "EUR 5.00"],
  ["a negative amount", money(Decimal.of("-12.045"), "USD"), "-$12.05"],
  ["no negative zero", money(Decimal.of("-0.001"), "USD"), "$0.00"],
  ["a rise has its sign", change(Decimal.of("0.3"), "USD"), "+$0.30"],
  ["a unit price keeps its digits", unitPrice(Decimal.of("0.0006945"), "USD"), "$0.0006945"],
  ["a round one has cents", unitPrice(Decimal.of("0.1"), "USD"), "$0.10"],
  ["a quantity keeps four decimals", quantity(Decimal.of("1234.56789")), "1,234.5679"],
])("%s", (_, actual, expected) => expect(actual).toBe(expected));
