/** Fills the generated parts of README.md from the tables they come from. Run: node tools/run-ts.mjs tools/docs/readme.ts */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { backendNames, mark, table } from "../../src/capabilities";

const root = join(__dirname, "../..");

/** Every feature by backend, without the reasons: those are in docs/capabilities.md. */
function capabilities(): string {
  const rows = table.map(
    (feature) => `| ${feature.title} | ${backendNames.map((name) => mark(feature.on[name])).join(" | ")} |`,
  );
  const counts = backendNames.map((name) => {
    const cells = table.map((feature) => mark(feature.on[name]));
    const count = (word: string): number => cells.filter((cell) => cell === word).length;
    return `| ${name} | ${count("yes")} | ${count("envoy")} | ${count("emulated")} | ${count("differs")} | ${count("no")} |`;
  });
  return [
    `Of ${table.length} features, by backend (**envoy**: yes with \`engine: envoy\`, no with the bundled engine):`,
    "",
    "| backend | yes | envoy | emulated | differs | no |",
    "|---|---|---|---|---|---|",
    ...counts,
    "",
    "<details><summary>Every feature</summary>",
    "",
    `| feature | ${backendNames.join(" | ")} |`,
    `|---|${backendNames.map(() => "---|").join("")}`,
    ...rows,
    "",
    "</details>",
  ].join("\n");
}

interface BenchRow {
  readonly scenario: string;
  readonly phase: string;
  readonly ours: { readonly cpuMicros: number; readonly p99: number; readonly busy: number };
  readonly envoy: { readonly cpuMicros: number; readonly p99: number; readonly busy: number };
  readonly ratio: { readonly cpu: number; readonly p99: number };
}

/** The rows of docs/benchmarks/proxy.json, as measured, the bad ones too. */
function benchmark(): string {
  const file = join(root, "docs/benchmarks/proxy.json");
  if (!existsSync(file)) return "Not measured yet: `npm run bench:proxy -- --out docs/benchmarks/proxy.json`.";
  const report = JSON.parse(readFileSync(file, "utf8")) as {
    readonly machine: string;
    readonly rows: readonly BenchRow[];
  };
  return [
    `${report.machine}; one worker each, same configuration, 1 KiB answers, 32 connections, interleaved rounds.`,
    "",
    "| path | load | CPU µs per request | Envoy | ratio | p99 ratio |",
    "|---|---|---|---|---|---|",
    ...report.rows.map(
      (row) =>
        `| ${row.scenario} | ${row.phase} | ${row.ours.cpuMicros.toFixed(0)} | ${row.envoy.cpuMicros.toFixed(0)} | ${row.ratio.cpu.toFixed(2)} | ${row.ratio.p99.toFixed(2)} |`,
    ),
  ].join("\n");
}

const sections: Readonly<Record<string, () => string>> = { capabilities, benchmark };

/** The README with every generated part as it should read now. */
export function filled(readme: string): string {
  return Object.entries(sections).reduce((text, [name, write]) => {
    const [start, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
    const [from, to] = [text.indexOf(start), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`README.md has no part ${name}`);
    return `${text.slice(0, from + start.length)}\n\n${write()}\n\n${text.slice(to)}`;
  }, readme);
}

if (process.env.JEST_WORKER_ID === undefined) {
  const path = join(root, "README.md");
  writeFileSync(path, filled(readFileSync(path, "utf8")));
}
