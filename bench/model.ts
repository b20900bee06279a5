/**
 * npm run bench:model: time and memory to read and check meshes of 10 to 10,000 services, five rules a service.
 *
 * Method: each run is a process of its own, just started, as the command line is; the median of the rounds by total
 * time; memory is the process's greatest resident set. CPU time tells a busy machine from
 * slow code. Growth is the total's against ten times fewer services.
 * Options: --rounds N (3), --sizes 10,100,1000,10000.
 */
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

interface Result {
  readonly size: number;
  readonly bytes: number;
  readonly loadMs: number;
  readonly checkMs: number;
  readonly checkCpuMs: number;
  readonly capabilityMs: number;
  readonly peakMb: number;
}
const { values } = parseArgs({
  options: { rounds: { type: "string", default: "3" }, sizes: { type: "string", default: "10,100,1000,10000" } },
});
const total = (r: Result) => r.loadMs + r.checkMs;

function measure(size: number): Result {
  const runner = join(__dirname, "..", "tools", "run-ts.mjs");
  const run = spawnSync(process.execPath, [runner, join(__dirname, "model", "once.ts"), String(size)], {
    encoding: "utf8",
    maxBuffer: 1 << 24,
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout.trim().split("\n").pop() as string) as Result;
}

const rows = values.sizes
  .split(",")
  .map(Number)
  .map((size) => {
    const runs = Array.from({ length: Number(values.rounds) }, () => measure(size)).sort((a, b) => total(a) - total(b));
    return runs[Math.floor(runs.length / 2)] as Result;
  });
const cell = (value: number, digits = 0) => value.toFixed(digits);
console.log(`Node ${process.version}, ${cpus()[0]?.model ?? "unknown CPU"}, median of ${values.rounds} processes\n`);
console.log(
  "| services | rules | YAML MB | parse ms | checks ms | checks CPU ms | capabilities ms | parse + checks ms | peak MB | growth |",
);
console.log("|---|---|---|---|---|---|---|---|---|---|");
for (const [i, row] of rows.entries()) {
  const before = rows[i - 1];
  const growth = before ? `× ${cell(total(row) / total(before), 1)}` : "";
  console.log(
    `| ${row.size} | ${row.size * 5} | ${cell(row.bytes / 1e6, 2)} | ${cell(row.loadMs)} | ${cell(row.checkMs)} | ${cell(row.checkCpuMs)} | ${cell(row.capabilityMs)} | ${cell(total(row))} | ${cell(row.peakMb)} | ${growth} |`,
  );
}
