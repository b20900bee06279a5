/** Fills the generated parts of README.md from the tables they come from. Run: node tools/run-ts.mjs tools/docs/readme.ts */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isLatency } from "../../bench/proxy/report";
import { backendNames, mark, table } from "../../src/capabilities";
import { benchmarkFiles, readReport } from "./proxy-benchmark-page";

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

/** The rows of docs/benchmarks/proxy.json, as measured, the bad ones too. */
function benchmark(): string {
  if (!existsSync(benchmarkFiles.report)) return "Not measured yet: `npm run bench:report` does it.";
  const { machine, rows } = readReport();
  const tails = rows.filter((row) => isLatency(row) && row.phase.includes("50 %"));
  return [
    `${machine}; one worker each, same configuration, 1 KiB answers, 32 connections, interleaved rounds.`,
    "",
    "| path | load | CPU µs per request | Envoy | ratio |",
    "|---|---|---|---|---|",
    ...rows
      .filter((row) => !isLatency(row))
      .map(
        ({ scenario, phase, ours, envoy, ratio }) =>
          `| ${scenario} | ${phase} | ${ours.cpuMicros.toFixed(0)} | ${envoy.cpuMicros.toFixed(0)} | ${ratio.cpu.toFixed(2)} |`,
      ),
    "",
    ...(tails.length > 0
      ? [
          `p99 at half the slower one's knee, ratio: ${tails.map((r) => `${r.scenario} ${r.ratio.p99.toFixed(2)}`).join(", ")}.`,
          "",
        ]
      : []),
    "Method, latency, memory and what each feature costs: docs/benchmarks/proxy.md.",
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
