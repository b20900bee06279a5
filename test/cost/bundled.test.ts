import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { COST_CODES } from "../../src/cost";
import { bundledProxy } from "../../src/cost/overhead/overhead";

const root = join(__dirname, "../..");
test("the bundled texts are the YAML files that they were generated from", () => {
  expect(() =>
    execFileSync(process.execPath, [join(root, "tools/generate-cost-data.mjs"), "--check"], { stdio: "pipe" }),
  ).not.toThrow();
});
test("every code is explained in docs/cost.md, once, as the command explains it", () => {
  const docs = readFileSync(join(root, "docs/cost.md"), "utf8");
  for (const [code, { level, title, remedy }] of Object.entries(COST_CODES))
    expect(docs.split("\n").filter((line) => line.startsWith(`| ${code} `))).toEqual([
      `| ${code} | ${level} | ${title} | ${remedy} |`,
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
  describe("is taken from the benchmark's own file", () => {
    const record = (rows: unknown): string => {
      const file = join(mkdtempSync(join(tmpdir(), "meshup-")), "bench.json");
      try {
        writeFileSync(file, JSON.stringify({ machine: "a machine", rows }));
        const tool = join(root, "tools/record-overhead.mjs");
        return execFileSync(process.execPath, [tool, file, "--date", "2026-11-23", "--print"], {
          stdio: "pipe",
        }).toString();
      } finally {
        rmSync(dirname(file), { recursive: true });
      }
    };
    const row = {
      scenario: "mtls",
      phase: "paced 1500/s, smooth",
      ours: { cpuMicros: 181.26, rssMb: 74.04, errors: 0 },
    };
    test("181 µs a request are 0.1813 vCPU at 1,000 requests a second", () => {
      const { cpuPer1000Rps, memoryMb } = bundledProxy(JSON.parse(record([row])));
      expect([cpuPer1000Rps?.toString(), memoryMb?.toString()]).toEqual(["0.1813", "74"]);
    });
    test("a run with errors or without mTLS is refused", () => {
      expect(() => record([{ ...row, ours: { ...row.ours, errors: 1 } }])).toThrow("measure again");
      expect(() => record([{ ...row, scenario: "plain" }])).toThrow("no row of scenario mtls");
    });
  });
});
