// Turns what `npm run bench:proxy -- --out FILE` measured into the bundled proxy's overhead for cost estimates:
//   node tools/record-overhead.mjs FILE --date 2026-11-23 [--print]
// CPU is that of one request at a steady rate with mTLS on both sides, memory what the process had then.
import { readFileSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { date: { type: "string" }, print: { type: "boolean", default: false } },
});
const fail = (message) => {
  console.error(message);
  process.exit(1);
};
if (positionals.length !== 1 || !/^\d{4}-\d{2}-\d{2}$/.test(values.date ?? ""))
  fail("usage: node tools/record-overhead.mjs FILE --date YYYY-MM-DD [--print]");
const { machine, rows } = JSON.parse(readFileSync(positionals[0], "utf8"));
const row = rows?.find((r) => r.scenario === "mtls" && /^paced .*smooth$/.test(r.phase));
if (!row) fail("no row of scenario mtls at a smooth pace: run the benchmark without --only, or with --only mtls");
if (row.ours.errors > 0) fail(`the run had ${row.ours.errors} errors: measure again`);
const overhead = {
  measured: true,
  // µs a request × 1,000 requests a second ÷ 1,000,000 = vCPUs.
  cpuPer1000Rps: (row.ours.cpuMicros / 1000).toFixed(4),
  memoryMb: row.ours.rssMb.toFixed(1),
  source: "npm run bench:proxy (docs/benchmarks)",
  date: values.date,
  note: `${row.scenario}, ${row.phase}, 1 KiB answers; ${machine}`,
};
const text = `${JSON.stringify(overhead, null, 2)}\n`;
if (values.print) process.stdout.write(text);
else {
  writeFileSync(fileURLToPath(new URL("../src/cost/overhead/bundled.json", import.meta.url)), text);
  execFileSync(process.execPath, [fileURLToPath(new URL("generate-cost-data.mjs", import.meta.url))], {
    stdio: "inherit",
  });
}
