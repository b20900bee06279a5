/**
 * npm run bench:render: time and memory to render meshes of 10 to 10,000 services on every backend (bench/model's mesh:
 * a service has two versions, five rules, a policy and three calls).
 *
 * Method: each backend and size is a process of its own. Time is the smaller of what elapses and the CPU's, garbage
 * collection in it: a quiet machine takes no more. `first` is the first rendering of a process, as the command line
 * has it, `median` that of the rounds. Heap is what rendering adds to the model at most; peak is the process's
 * greatest resident set, the YAML and the model in it. Growth is the median's against the size before.
 * Options: --rounds N (3), --sizes 10,100,1000,10000, --backends NAME,…; --limit MS fails where a first rendering of
 * 1,000 services takes longer.
 */
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { RENDERERS } from "../src/renderers";

interface Result {
  readonly backend: string;
  readonly size: number;
  readonly resources: number;
  readonly firstMs: number;
  readonly medianMs: number;
  readonly heapMb: number;
  readonly peakMb: number;
}
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    sizes: { type: "string", default: "10,100,1000,10000" },
    backends: { type: "string", default: Object.keys(RENDERERS).join(",") },
    limit: { type: "string" },
  },
});

function measure(backend: string, size: number): Result {
  const runner = join(__dirname, "..", "tools", "run-ts.mjs");
  const once = join(__dirname, "render", "once.ts");
  const run = spawnSync(process.execPath, [runner, "--expose-gc", once, backend, String(size), values.rounds], {
    encoding: "utf8",
    maxBuffer: 1 << 24,
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout.trim().split("\n").pop() as string) as Result;
}

console.log(`Node ${process.version}, ${cpus()[0]?.model ?? "unknown CPU"}, ${values.rounds} rounds a process\n`);
console.log("| backend | services | resources | first ms | median ms | heap MB | peak MB | growth |");
console.log("|---|---|---|---|---|---|---|---|");
const slow: string[] = [];
for (const backend of values.backends.split(",")) {
  let before: Result | undefined;
  for (const size of values.sizes.split(",").map(Number)) {
    const row = measure(backend, size);
    const growth = before === undefined ? "" : `× ${(row.medianMs / before.medianMs).toFixed(1)}`;
    const cells = [row.firstMs, row.medianMs, row.heapMb, row.peakMb].map((value) => value.toFixed(0));
    console.log(`| ${backend} | ${size} | ${row.resources} | ${cells.join(" | ")} | ${growth} |`);
    if (values.limit !== undefined && size === 1000 && row.firstMs > Number(values.limit)) slow.push(backend);
    before = row;
  }
}
if (slow.length > 0) {
  console.error(`1,000 services took more than ${values.limit} ms on ${slow.join(", ")}`);
  process.exitCode = 1;
}
