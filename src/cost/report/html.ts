import type { Comparison } from "../compare";
import { COMPONENTS, type Component, componentNames } from "../components";
import type { Estimate } from "../estimate";
import { isNothing, type Scenarios } from "../scenarios";
import { money, quantity } from "./money";
import { openNote, openText, range } from "./table";
import { linesByOwner } from "./totals";

const COLOURS: Readonly<Record<Component, string>> = {
  "mesh-fee": "#4269d0",
  "data-plane": "#efb118",
  "control-plane": "#ff725c",
  certificates: "#6cc5b0",
  traffic: "#3ca951",
  telemetry: "#ff8ab7",
};
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escape = (text: string): string => text.replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c);

/** One page without scripts or outside files: a chart of low, expected and high, and every line. */
export function html(estimate: Estimate): string {
  const { currency, monthly, byComponent } = estimate;
  const bars = (["low", "expected", "high"] as const).map((name) => ({
    label: name,
    total: money(monthly[name], currency),
    parts: partsOf(byComponent, name),
  }));
  const tables = [...linesByOwner(estimate)].map(
    ([owner, lines]) =>
      `<h2>${escape(owner)}</h2>${htmlTable(
        ["Name", "Monthly Qty", "Unit", "Monthly Cost"],
        lines.map((line) => [
          `${COMPONENTS[line.component]}: ${line.name}`,
          line.monthly && line.quantity ? quantity(line.quantity.expected) : "",
          line.unit,
          line.monthly
            ? `${money(line.monthly.expected, currency)}${line.usageBased ? " *" : ""}`
            : openText(line, currency),
        ]),
      )}`,
  );
  return page(`${estimate.mesh} on ${estimate.backend}: ${money(monthly.expected, currency)} a month`, [
    `<p>${escape(`${estimate.region}, ${estimate.platform.title}. ${estimate.book.title} (${estimate.book.name}, read ${estimate.book.dateRead}).`)}</p>`,
    chart(bars),
    htmlTable(
      ["", "Low", "Expected", "High"],
      [
        ...componentNames
          .filter((name) => !isNothing(byComponent[name]))
          .map((name) => [COMPONENTS[name], ...range(byComponent[name], currency)]),
        ["Total", ...range(monthly, currency)],
      ],
    ),
    ...(estimate.open > 0 ? [`<p>${escape(openNote(estimate.open))}</p>`] : []),
    ...tables,
    `<ul>${estimate.findings.map(({ code, message }) => `<li>${escape(`${code}: ${message}`)}</li>`).join("")}</ul>`,
  ]);
}

/** The same for every backend side by side. */
export function comparisonHtml({ alternatives, cheapest }: Comparison): string {
  const shown = alternatives.filter(({ estimate }) => estimate.lines.length > 0);
  const bars = shown.map(({ backend, estimate: { byComponent, monthly, currency } }) => ({
    label: backend,
    total: money(monthly.expected, currency),
    parts: partsOf(byComponent, "expected"),
  }));
  return page(
    cheapest
      ? `Cheapest that can express the mesh: ${cheapest.backend}, ${money(cheapest.estimate.monthly.expected, cheapest.estimate.currency)} a month`
      : "No backend can both express the mesh and be priced in full",
    [
      chart(bars),
      htmlTable(
        ["Backend", "Low", "Expected", "High", "Open lines", "Note"],
        alternatives.map(({ backend, estimate, excluded }) => [
          backend,
          ...(estimate.lines.length > 0 ? range(estimate.monthly, estimate.currency) : ["–", "–", "–"]),
          String(estimate.open),
          backend === cheapest?.backend ? "cheapest" : excluded.join("; "),
        ]),
      ),
    ],
  );
}

const partsOf = (
  byComponent: Readonly<Record<Component, Scenarios>>,
  scenario: keyof Scenarios,
): readonly { readonly component: Component; readonly value: number }[] =>
  componentNames.map((component) => ({ component, value: byComponent[component][scenario].toNumber() }));

interface Bar {
  readonly label: string;
  readonly total: string;
  readonly parts: readonly { readonly component: Component; readonly value: number }[];
}
const [LEFT, WIDTH, ROW] = [140, 560, 32];
/** Stacked bars, one a row, scaled to the longest. */
function chart(bars: readonly Bar[]): string {
  const sum = ({ parts }: Bar): number => parts.reduce((total, { value }) => total + value, 0);
  const longest = Math.max(...bars.map(sum), Number.MIN_VALUE);
  const rows = bars.map((bar, i) => {
    let x = LEFT;
    const rects = bar.parts.map(({ component, value }) => {
      const width = (value / longest) * WIDTH;
      const rect = `<rect x="${x.toFixed(1)}" y="${i * ROW + 4}" width="${width.toFixed(1)}" height="${ROW - 8}" fill="${COLOURS[component]}"><title>${COMPONENTS[component]}</title></rect>`;
      x += width;
      return value > 0 ? rect : "";
    });
    const y = i * ROW + ROW / 2 + 4;
    return `<text x="0" y="${y}">${escape(bar.label)}</text>${rects.join("")}<text x="${(x + 6).toFixed(1)}" y="${y}">${escape(bar.total)}</text>`;
  });
  const legend = componentNames.map(
    (name) => `<span><i style="background:${COLOURS[name]}"></i>${COMPONENTS[name]}</span>`,
  );
  return `<svg viewBox="0 0 ${LEFT + WIDTH + 140} ${Math.max(1, bars.length) * ROW}" role="img" aria-label="Monthly cost">${rows.join("")}</svg><p class="legend">${legend.join(" ")}</p>`;
}

const htmlTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<table><thead><tr>${head.map((h) => `<th>${escape(h)}</th>`).join("")}</tr></thead><tbody>${rows
    .map((row) => `<tr>${row.map((cell) => `<td>${escape(cell)}</td>`).join("")}</tr>`)
    .join("\n")}</tbody></table>`;
const page = (title: string, body: readonly string[]): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escape(title)}</title><style>
body{font:14px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
svg{width:100%;font:12px system-ui,sans-serif}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.2rem .5rem;border-bottom:1px solid #ddd}
.legend i{display:inline-block;width:.8em;height:.8em;margin-right:.3em}.legend span{margin-right:1em}
</style></head><body><h1>${escape(title)}</h1>
${body.join("\n")}
</body></html>
`;
