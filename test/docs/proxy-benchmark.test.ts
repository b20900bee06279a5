import { existsSync, readFileSync } from "node:fs";
import type { Measured, Report, Row } from "../../bench/proxy/report";
import { barChart } from "../../tools/docs/bar-chart";
import { benchmarkFiles, benchmarkPage, benchmarkPlot, readReport } from "../../tools/docs/proxy-benchmark-page";

const measured = (cpuMicros: number, p99 = 1): Measured => ({
  cpuMicros,
  rps: 1500,
  busy: 0.1,
  p50: 0.5,
  p99,
  rssMb: 60,
  errors: 0,
});
const row = (scenario: string, phase: string, cpu: number, p99: number): Row => ({
  scenario,
  phase,
  ours: measured(100 * cpu, p99),
  envoy: measured(100),
  ratio: { cpu, cpuLeast: cpu - 0.1, cpuMost: cpu + 0.1, p99 },
});
const report: Report = {
  date: "2026-01-02",
  machine: "a machine",
  settings: { rounds: 3, windowSeconds: 3, rate: 1500, connections: 32, pinned: true, loadAverage: 0.1 },
  rows: [
    row("plain", "paced 1500/s, smooth", 0.5, 9),
    row("mtls", "saturated, closed loop", 0.95, 9),
    row("mtls", "open loop at 50 % of the knee", 0.7, 1.2),
    row("mtls", "open loop at 75 % of the knee", 0.7, 1.3),
  ],
  ladder: [
    { feature: "bare", ours: 50, envoy: 100, oursAdds: 0, envoyAdds: 0 },
    { feature: "RBAC", ours: 54, envoy: 101, oursAdds: 4, envoyAdds: 1 },
  ],
  memory: [{ scenario: "mtls", connections: 1000, routes: 1000, oursMb: 151, envoyMb: 90 }],
};

test("docs/benchmarks/proxy.md and its plot say what proxy.json does (npm run bench:report writes all three)", () => {
  const there = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, "utf8") : undefined);
  const kept = existsSync(benchmarkFiles.report) ? readReport() : undefined;
  expect(there(benchmarkFiles.page)).toBe(kept && benchmarkPage(kept));
  expect(there(benchmarkFiles.plot)).toBe(kept && benchmarkPlot(kept));
});

test("what is beyond its aim stands in bold; rows without an aim are not judged", () => {
  const page = benchmarkPage(report);
  const line = (start: string): string | undefined => page.split("\n").find((l) => l.startsWith(start));
  expect(line("| plain | paced")).toContain("0.50 (0.40–0.60) | ≤ 0.6 |");
  expect(line("| mtls | saturated")).toContain("| **over 0.9** |");
  expect(line("| mtls | open loop at 50 %")).toContain("| 1.20 | **over 1.1** |");
  expect(line("| mtls | open loop at 75 %")).toContain("| 1.30 |  |");
  expect(line("| RBAC")).toBe("| RBAC | 54.0 | **4.0** | 101.0 | 1.0 |");
  expect(line("| mtls | 1000")).toContain("| 151 | **over 150** | 90 |");
});

test("a run without cores of its own says so; what was not measured has no section", () => {
  const page = benchmarkPage({ ...report, settings: { ...report.settings, pinned: false }, ladder: [], memory: [] });
  expect(page).toContain("NOT kept on cores of their own");
  expect(page).not.toMatch(/## (Memory|What each)/);
});

test("bars are as long as their values, and text is escaped", () => {
  const series = [{ name: "a & <b>", colour: "#000000" }];
  const svg = barChart({ title: "t", unit: "u", series, groups: [10, 20].map((v) => ({ label: "l", values: [v] })) });
  expect(svg).toContain("a &amp; &lt;b>");
  const widths = [...svg.matchAll(/<rect x="250" [^>]*width="([\d.]+)"/g)].map((m) => Number(m[1]));
  expect([widths.length, (widths[1] as number) / (widths[0] as number)]).toEqual([2, 2]);
});
