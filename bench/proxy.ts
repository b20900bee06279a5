/**
 * npm run bench:proxy: CPU per request, latency and memory of the bundled proxy beside Envoy's.
 *
 * Method: one proxy at a time on a core of its own, its load and its upstream on another; the same configuration file for
 * both, one worker each; rounds interleaved A B A B so that a drifting machine hurts both; CPU is the whole process's
 * user and system time over the window divided by the answers in it, once hot code is compiled; every figure is the
 * median of the rounds, every ratio the median of the rounds' own ratios. Latency counts from when a request was due, at
 * shares of the slower one's knee (what it answers at saturation). A quiet machine is the condition: the load average
 * before the run is printed.
 *
 * Options: --rounds N (3), --window SECONDS (2.5), --rate R (1500), --only plain|tls-down|mtls (all of them);
 * --ladder, --latency, --memory add (--ladder alone: instead) what their names say, --all everything; --out FILE.
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { ladderSteps } from "./proxy/config";
import { type Measuring, measureLadder, measureMemory, measureRow, warm } from "./proxy/measure";
import { findEnvoy, type Pair, type Scenario, startPair } from "./proxy/pair";
import { canPin } from "./proxy/process";
import { cpuTable, ladderTable, type LadderStep, latencyTable, type MemoryRow, memoryTable } from "./proxy/report";
import { isLatency, type Report, type Row } from "./proxy/report";
import { playRole } from "./proxy/role";

const scenarios: readonly Scenario[] = [
  { name: "plain", features: [] },
  { name: "tls-down", tlsDown: true, features: [] },
  { name: "mtls", tlsDown: true, tlsUp: true, features: [] },
];
const burstEveryMs = 20;
const held = { connections: 1000, routes: 1000 };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "3" },
      window: { type: "string", default: "2.5" },
      rate: { type: "string", default: "1500" },
      only: { type: "string" },
      ladder: { type: "boolean", default: false },
      latency: { type: "boolean", default: false },
      memory: { type: "boolean", default: false },
      all: { type: "boolean", default: false },
      out: { type: "string" },
    },
  });
  const [envoy, bundle] = [findEnvoy(), join(process.cwd(), "dist/meshup-proxy.js")];
  if (envoy === undefined) return fail("Envoy is absent: tools/parts/build.sh envoy gets it");
  if (!existsSync(bundle)) return fail(`${bundle} is absent: npm run build makes it`);
  const chosen = scenarios.filter(({ name }) => values.only === undefined || values.only === name);
  if (chosen.length === 0) return fail(`--only ${values.only}: one of ${scenarios.map((s) => s.name).join(", ")}`);
  const [rounds, windowSeconds, rate] = [values.rounds, values.window, values.rate].map(Number) as [
    number,
    number,
    number,
  ];
  const measuring: Measuring = { rounds, windowMs: windowSeconds * 1000, connections: 32 };
  const settings = { rounds, windowSeconds, rate, connections: 32, pinned: canPin, loadAverage: round2(loadavg()[0]) };
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, Envoy 1.40.0`;
  console.log(`${machine}, load average ${settings.loadAverage}${canPin ? "" : ", processes not pinned to cores"}`);
  const start = async (scenario: Scenario): Promise<Pair> => {
    const pair = await startPair(scenario, envoy, bundle);
    await warm(pair, measuring.connections);
    return pair;
  };
  const rows: Row[] = [];
  if (values.all || !values.ladder)
    for (const scenario of chosen)
      await withPair(start(scenario), async (pair) => {
        const phase = async (name: string, load: { rate?: number; burstEveryMs?: number }): Promise<Row> => {
          const row = await measureRow(pair, scenario.name, name, load, measuring);
          rows.push(row);
          console.log((isLatency(row) ? latencyTable : cpuTable)([row]).split("\n")[2]);
          return row;
        };
        const { ours, envoy: other } = await phase("saturated, closed loop", {});
        await phase(`paced ${rate}/s, bursts every ${burstEveryMs} ms`, { rate, burstEveryMs });
        await phase(`paced ${rate}/s, smooth`, { rate });
        if (!values.latency && !values.all) return;
        const knee = Math.min(ours.rps, other.rps);
        for (const share of [0.25, 0.5, 0.75])
          await phase(`open loop at ${share * 100} % of the knee`, { rate: Math.round(knee * share) });
      });
  const steps = values.ladder || values.all ? await climb(start, rate, measuring) : [];
  const memory: MemoryRow[] = [];
  if (values.memory || values.all)
    for (const scenario of chosen.filter(({ name }) => name !== "tls-down"))
      await withPair(start({ ...scenario, routes: held.routes }), async (pair) => {
        memory.push(await measureMemory(pair, scenario.name, held.connections, held.routes));
      });
  if (rows.some((row) => !isLatency(row))) console.log(`\n${cpuTable(rows)}`);
  if (rows.some(isLatency)) console.log(`\n${latencyTable(rows)}`);
  if (steps.length > 0) console.log(`\n${ladderTable(steps)}`);
  if (memory.length > 0) console.log(`\n${memoryTable(memory)}`);
  if (values.out === undefined) return;
  const date = new Date().toISOString().slice(0, 10);
  const report: Report = { date, machine, settings, rows, ladder: steps, memory };
  mkdirSync(dirname(values.out), { recursive: true });
  writeFileSync(values.out, JSON.stringify(report, (_, value: unknown) => round4(value), 2) + "\n");
}

/** Every step's pair at once, so that one round sees them all: idle proxies take no CPU. */
async function climb(
  start: (scenario: Scenario) => Promise<Pair>,
  rate: number,
  measuring: Measuring,
): Promise<LadderStep[]> {
  const pairs: { feature: string; pair: Pair }[] = [];
  try {
    const ladder = ladderSteps.map(({ feature }) => feature);
    for (const [i, feature] of ["bare", ...ladder].entries())
      pairs.push({ feature, pair: await start({ name: feature, features: ladder.slice(0, i) }) });
    return await measureLadder(pairs, { rate, burstEveryMs }, measuring);
  } finally {
    await Promise.all(pairs.map(({ pair }) => pair.stop()));
  }
}

/** Uses a pair and stops it, whatever happens. */
async function withPair(started: Promise<Pair>, use: (pair: Pair) => Promise<void>): Promise<void> {
  const pair = await started;
  try {
    await use(pair);
  } finally {
    await pair.stop();
  }
}

const round2 = (value = 0): number => Math.round(value * 100) / 100;
/** As the file keeps numbers. */
const round4 = (value: unknown): unknown => (typeof value === "number" ? Math.round(value * 1e4) / 1e4 : value);

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}

playRole()
  .then((played) => (played ? undefined : main()))
  .catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
