/** What docs/benchmarks/proxy.json says, as a page and a plot. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ladderSteps } from "../../bench/proxy/config";
import {
  aims,
  cpuTable,
  isLatency,
  ladderTable,
  latencyTable,
  memoryTable,
  type Report,
} from "../../bench/proxy/report";
import { barChart } from "./bar-chart";

const root = join(__dirname, "../..");
export const benchmarkFiles = {
  report: join(root, "docs/benchmarks/proxy.json"),
  page: join(root, "docs/benchmarks/proxy.md"),
  plot: join(root, "docs/benchmarks/proxy.svg"),
};

export const readReport = (): Report => JSON.parse(readFileSync(benchmarkFiles.report, "utf8")) as Report;

export function benchmarkPlot({ rows }: Report): string {
  return barChart({
    title: "CPU per request: the bundled proxy and Envoy",
    unit: "µs of CPU per request, less is better",
    series: [
      { name: "bundled", colour: "#0969da" },
      { name: "Envoy", colour: "#afb8c1" },
    ],
    groups: rows
      .filter((row) => !isLatency(row))
      .map(({ scenario, phase, ours, envoy, ratio }) => ({
        label: `${scenario}, ${phase.replace(/^paced \d+\/s, /, "").replace(/, closed loop$/, "")}`,
        note: `ratio ${ratio.cpu.toFixed(2)}, aim ≤ ${aims[scenario]?.cpu ?? "–"}`,
        values: [ours.cpuMicros, envoy.cpuMicros],
      })),
  });
}

export function benchmarkPage(report: Report): string {
  const { date, machine, settings, rows, ladder, memory } = report;
  const { rounds, windowSeconds, rate, connections, pinned, loadAverage } = settings;
  const section = (title: string, ...text: readonly string[]): string[] => [
    `## ${title}`,
    "",
    ...text.flatMap((t) => [t, ""]),
  ];
  return [
    "# The bundled proxy beside Envoy",
    "",
    "<!-- Written from proxy.json by tools/docs/proxy-benchmark.ts. -->",
    "",
    `${date}, ${machine}. ${rounds} rounds of ${windowSeconds} s, ${connections} connections, answers of 1 KiB; load`,
    `average before the run ${loadAverage}; ${pinned ? "the proxy alone on one core, its load and its upstream on another" : "processes were NOT kept on cores of their own, so ratios are less steady"}.`,
    "",
    "![CPU per request](proxy.svg)",
    "",
    ...section(
      "CPU per request",
      `Both proxies read the same file and have one worker. Paced loads bring ${rate} requests a second whatever the answers do: smooth, or as bursts every 20 ms, which lets a proxy take many requests in one turn as a busy one does. CPU is user and system time of the whole process, all threads, over the window, divided by the answers in it. Figures are medians of the rounds; the ratio is the median of the rounds' own ratios, beside the least and the greatest.`,
      cpuTable(rows),
    ),
    ...(rows.some(isLatency)
      ? section(
          "Latency",
          "From when a request was due, not from when it could be sent, so that a proxy that stalls pays for all who wait. The knee is what the slower one of the two answers at saturation.",
          latencyTable(rows),
        )
      : []),
    ...(ladder.length > 0
      ? section(
          "What each feature costs",
          "One on top of the other, at the paced load in bursts without TLS; every step's proxies run side by side and each round sees them all. A step over 3 µs is in bold:",
          ladderTable(ladder),
          ladderSteps.map(({ feature, does }) => `- **${feature}**: ${does}`).join("\n"),
        )
      : []),
    ...(memory.length > 0
      ? section(
          "Memory",
          "Resident, with that many connections open at once, each of which was answered twice by way of a route of its own.",
          memoryTable(memory),
        )
      : []),
    ...section(
      "Again",
      "`npm run bench:report` measures all of it in a quarter of an hour on a machine that is otherwise quiet, and writes this page. `npm run bench:proxy -- --only tls-down --rounds 2 --window 2` is a short look. What shares the machine, its frequency steps and its neighbours move absolute numbers by tens of percent: compare ratios of one run. Both proxies speak over loopback, so what the kernel does for a network card is in neither.",
    ),
  ]
    .join("\n")
    .replace(/\n+$/, "\n");
}
