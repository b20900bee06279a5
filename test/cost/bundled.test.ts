import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { COST_CODES } from "../../src/cost";
import { bundledProxy } from "../../src/cost/overhead/overhead";

const root = join(__dirname, "../..");
test("the bundled texts are the YAML files that they were generated from", () => {
  expect(() =>
    execFileSync(process.execPath, [join(root, "tools/generate-cost-data.mjs"), "--check"], { stdio: "pipe" }),
  ).not.toThrow();
});
test("every code is explained in docs/cost.md, once, with its level", () => {
  const docs = readFileSync(join(root, "docs/cost.md"), "utf8");
  for (const [code, { level, title }] of Object.entries(COST_CODES))
    expect(docs.split("\n").filter((line) => line.startsWith(`| ${code} `))).toEqual([
      expect.stringContaining(`| ${level} | ${title}`),
    ]);
});
describe("the bundled proxy's overhead", () => {
  test("is what the benchmark measured", () => {
    const measured = bundledProxy({
      measured: true,
      cpuPer1000Rps: "0.05",
      memoryMb: 80,
      source: "docs/benchmarks/proxy.md",
      date: "2026-11-23",
    });
    expect([measured.cpuPer1000Rps?.toString(), measured.memoryMb?.toString(), measured.dateRead]).toEqual([
      "0.05",
      "80",
      "2026-11-23",
    ]);
  });
  test("is absent, not zero, until then", () => {
    const unmeasured = bundledProxy({ measured: false, reason: "no run", cpuPer1000Rps: 0, memoryMb: 0 });
    expect([unmeasured.cpuPer1000Rps, unmeasured.memoryMb, unmeasured.note]).toEqual([
      undefined,
      undefined,
      "not measured: no run",
    ]);
  });
});
