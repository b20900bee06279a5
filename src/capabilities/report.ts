import type { BackendName, Model } from "../model/model";
import { backendNames, formOf, type Area, type Feature, type Support } from "./capability";
import type { Change } from "./compare";
import { table } from "./table";

export type TableFormat = "table" | "json" | "markdown";
export interface MatrixOptions {
  /** Default: all of them. */
  readonly backends?: readonly BackendName[];
  /** Only what this mesh uses, with how often. */
  readonly model?: Model;
}

const areaTitle: Readonly<Record<Area, string>> = {
  routes: "Routes",
  matches: "Matches",
  filters: "Filters",
  destinations: "Destinations",
  security: "Security",
  edge: "Edge",
  telemetry: "Telemetry and workloads",
};
/** A cell in one word. `envoy`: yes, where Envoy is the engine. */
export function mark(support: Support): "yes" | "envoy" | "emulated" | "differs" | "no" {
  if (support.status === "unsupported") return "no";
  if (support.needs === "envoy") return "envoy";
  if (support.status === "native") return "yes";
  return support.differs ? "differs" : "emulated";
}
const needed = { install: "only where MeshUp installs it", envoy: "with engine: envoy, not with the bundled one" };

/** How a cell reads in one line. */
export const explain = (support: Support): string => {
  if (support.status === "unsupported") return support.why;
  const needs = [support.since && `from ${support.since}`, support.needs && needed[support.needs]].filter(Boolean);
  const how = support.status === "emulated" ? [support.how, support.differs].filter(Boolean).join("; ") : "";
  return [how, ...needs].filter(Boolean).join("; ");
};

const used = (options: MatrixOptions): readonly (readonly [Feature, number | undefined])[] => {
  const { model } = options;
  if (!model) return table.map((feature) => [feature, undefined] as const);
  return table.map((f) => [f, [...f.uses(model)].length] as const).filter(([, count]) => count > 0);
};

export function renderMatrix(format: TableFormat, options: MatrixOptions = {}): string {
  const backends = options.backends ?? backendNames;
  if (format === "json") return matrixJson(backends, options);
  return format === "markdown" ? matrixMarkdown(backends, options) : matrixText(backends, options);
}

function matrixJson(backends: readonly BackendName[], options: MatrixOptions): string {
  const features = used(options).map(([feature, uses]) => ({
    id: feature.id,
    title: feature.title,
    area: feature.area,
    kind: feature.kind,
    ...(uses === undefined ? {} : { uses }),
    backends: Object.fromEntries(backends.map((name) => [name, { ...feature.on[name], form: formOf(feature, name) }])),
  }));
  return JSON.stringify({ features }, undefined, 2) + "\n";
}

/** One table an area; a cell's reason is a numbered note below, so that the table stays narrow. */
function matrixMarkdown(backends: readonly BackendName[], options: MatrixOptions): string {
  const lines: string[] = [];
  for (const [area, entries] of byArea(used(options))) {
    const notes: string[] = [];
    const cell = (support: Support) => {
      const text = explain(support);
      if (!text) return mark(support);
      let at = notes.indexOf(text);
      if (at < 0) at = notes.push(text) - 1;
      return `${mark(support)} <sup>${at + 1}</sup>`;
    };
    lines.push(`### ${areaTitle[area]}`, "");
    lines.push(`| feature | ${backends.join(" | ")} |`, `|---|${backends.map(() => "---|").join("")}`);
    for (const [feature] of entries)
      lines.push(`| ${feature.title}<br>\`${feature.id}\` | ${backends.map((b) => cell(feature.on[b])).join(" | ")} |`);
    lines.push("", ...notes.map((note, i) => `${i + 1}. ${note}`), "");
  }
  return lines.join("\n").replace(/\n{3,}/g, "\n\n");
}

function matrixText(backends: readonly BackendName[], options: MatrixOptions): string {
  const lines: string[] = [];
  for (const [area, entries] of byArea(used(options))) {
    lines.push(areaTitle[area].toUpperCase());
    if (backends.length === 1) {
      const [backend] = backends as readonly [BackendName];
      for (const [feature] of entries) {
        const support = feature.on[backend];
        lines.push(`  ${mark(support).padEnd(9)} ${feature.id.padEnd(36)} ${explain(support)}`.trimEnd());
      }
    } else {
      const width = Math.max(...entries.map(([feature]) => feature.id.length));
      lines.push(`  ${"".padEnd(width)}  ${backends.map((b) => b.padEnd(Math.max(b.length, 8))).join("  ")}`.trimEnd());
      for (const [feature] of entries)
        lines.push(
          `  ${feature.id.padEnd(width)}  ${backends.map((b) => mark(feature.on[b]).padEnd(Math.max(b.length, 8))).join("  ")}`.trimEnd(),
        );
    }
    lines.push("");
  }
  return lines.join("\n");
}

function byArea<T>(entries: readonly (readonly [Feature, T])[]): Map<Area, (readonly [Feature, T])[]> {
  const areas = new Map<Area, (readonly [Feature, T])[]>();
  for (const entry of entries) {
    const list = areas.get(entry[0].area);
    if (list) list.push(entry);
    else areas.set(entry[0].area, [entry]);
  }
  return areas;
}

const heading: Readonly<Record<Change["change"], string>> = {
  lost: "Lost",
  different: "Different",
  gained: "Gained",
};

export function renderComparison(
  changes: readonly Change[],
  from: BackendName,
  to: BackendName,
  format: TableFormat,
): string {
  if (format === "json") {
    const rows = changes.map((c) => ({
      feature: c.feature.id,
      title: c.feature.title,
      kind: c.feature.kind,
      change: c.change,
      from: c.from,
      to: c.to,
      paths: c.paths,
    }));
    return JSON.stringify({ from, to, changes: rows }, undefined, 2) + "\n";
  }
  if (changes.length === 0) return `Nothing changes for this mesh from ${from} to ${to}.\n`;
  if (format === "markdown")
    return (
      [
        `| change | feature | ${from} | ${to} | where |`,
        "|---|---|---|---|---|",
        ...changes.map(
          (c) =>
            `| ${c.change} | ${c.feature.title} (\`${c.feature.id}\`) | ${mark(c.from)} | ${explain(c.to) || mark(c.to)} | ${c.paths.map((p) => `\`${p}\``).join("<br>")} |`,
        ),
      ].join("\n") + "\n"
    );
  const lines: string[] = [];
  let last: Change["change"] | undefined;
  for (const c of changes) {
    if (c.change !== last) lines.push(...(last ? [""] : []), `${heading[c.change]} from ${from} to ${to}:`);
    last = c.change;
    lines.push(`  ${c.feature.id} (${c.feature.kind}): ${c.change === "gained" ? c.feature.title : explain(c.to)}`);
    lines.push(...c.paths.map((path) => `    ${path || "spec"}`));
  }
  return lines.join("\n") + "\n";
}
