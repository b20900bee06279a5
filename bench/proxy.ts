/**
 * npm run bench:proxy: CPU per request and latency of the bundled proxy beside Envoy's.
 *
 * Method: one proxy at a time on core 1, its load and its upstream on core 0; the same configuration file for both, one
 * worker each; rounds interleaved A B A B so that a drifting machine hurts both; CPU is the whole process's user and
 * system time over the window divided by the answers in it; every figure is the median of the rounds, every ratio the
 * median of the rounds' own ratios. Latency counts from when a request was due.
 *
 * Options: --rounds N (5), --window SECONDS (4), --rate R (1500), --only plain|tls-down|mtls (all), --ladder, --latency, --out FILE.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, homedir, tmpdir, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { bootstrap, type Certificates, type Feature, ladder } from "./proxy/config";
import { writeCertificates } from "./proxy/certificates";
import { type LoadPlan, type LoadResult, runLoad, sleep } from "./proxy/load";
import { cpuMicros, freePort, pinned, residentMb } from "./proxy/process";
import { startUpstream } from "./proxy/upstream";

const PROXY_CORE = 1;
const LOAD_CORE = 0;

interface Scenario {
  readonly name: string;
  readonly tlsDown?: boolean;
  readonly tlsUp?: boolean;
  readonly features: readonly Feature[];
}
interface Row {
  readonly scenario: string;
  readonly phase: string;
  readonly ours: Measured;
  readonly envoy: Measured;
  readonly ratio: { readonly cpu: number; readonly p99: number };
}
interface Measured {
  readonly cpuMicros: number;
  readonly rps: number;
  readonly busy: number;
  readonly p50: number;
  readonly p99: number;
  readonly rssMb: number;
  readonly errors: number;
}

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1] ?? NaN, sorted[sorted.length >> 1] ?? NaN];
  return (low + high) / 2;
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "5" },
      window: { type: "string", default: "4" },
      rate: { type: "string", default: "1500" },
      only: { type: "string" },
      ladder: { type: "boolean", default: false },
      latency: { type: "boolean", default: false },
      out: { type: "string" },
    },
  });
  const envoy = findEnvoy();
  const bundle = join(process.cwd(), "dist/meshup-proxy.js");
  if (!existsSync(bundle)) fail(`${bundle} is absent: run npm run build first`);
  const rounds = Number(values.rounds);
  const windowMs = Number(values.window) * 1000;
  const rate = Number(values.rate);
  const all: Scenario[] = values.ladder
    ? [[], ...ladder.map((_, i) => ladder.slice(0, i + 1))].map((features) => ({
        name: features.at(-1) === undefined ? "bare" : `+ ${features.at(-1)}`,
        features,
      }))
    : [
        { name: "plain", features: [] },
        { name: "tls-down", tlsDown: true, features: [] },
        { name: "mtls", tlsDown: true, tlsUp: true, features: [] },
      ];
  const scenarios = all.filter((s) => values.only === undefined || s.name === values.only);
  const rows: Row[] = [];
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, Envoy ${envoy.version}`;
  console.log(`${machine}\n${rounds} rounds, ${values.window} s windows, 1 KiB answers, 32 connections\n`);
  for (const scenario of scenarios)
    rows.push(...(await measure(scenario, envoy.path, bundle, rounds, windowMs, rate, values.latency)));
  console.log(`\n${table(rows)}`);
  if (values.out) {
    mkdirSync(dirname(values.out), { recursive: true });
    writeFileSync(values.out, JSON.stringify({ machine, rounds, windowMs, rate, rows }, null, 2) + "\n");
  }
}

async function measure(
  scenario: Scenario,
  envoyPath: string,
  bundle: string,
  rounds: number,
  windowMs: number,
  rate: number,
  latency: boolean,
): Promise<Row[]> {
  const dir = mkdtempSync(join(tmpdir(), "meshup-bench-"));
  const children: ChildProcess[] = [];
  try {
    const certs: Certificates | undefined = scenario.tlsDown ? await writeCertificates(dir) : undefined;
    const upstreamPort = await freePort();
    children.push(await role("upstream", { port: upstreamPort, tls: scenario.tlsUp ? certs : undefined }));
    const proxies: { pid: number; port: number }[] = [];
    for (const engine of ["ours", "envoy"] as const) {
      const [port, admin] = [await freePort(), await freePort()];
      const config = join(dir, `${engine}.json`);
      writeFileSync(
        config,
        JSON.stringify(
          bootstrap({
            port,
            admin,
            upstreamPort,
            tlsDown: certs,
            tlsUp: scenario.tlsUp ? certs : undefined,
            features: scenario.features,
          }),
        ),
      );
      const command =
        engine === "ours"
          ? [process.execPath, bundle, "-c", config]
          : [envoyPath, "-c", config, "--concurrency", "1", "--disable-hot-restart", "-l", "error"];
      const [head = "", ...tail] = [...pinned(PROXY_CORE), ...command];
      const child = spawn(head, tail, { stdio: ["ignore", "ignore", "inherit"] });
      children.push(child);
      await ready(admin, child);
      proxies.push({ pid: child.pid as number, port });
    }
    const [ours, envoy] = proxies as [{ pid: number; port: number }, { pid: number; port: number }];
    const plan = (port: number, phase: Partial<LoadPlan>): LoadPlan => ({
      host: "127.0.0.1",
      port,
      connections: 32,
      warmupMs: 2000,
      windowMs,
      tls: certs,
      ...phase,
    });
    const phase = async (name: string, load: Partial<LoadPlan>): Promise<Row> => {
      const a: Measured[] = [];
      const b: Measured[] = [];
      for (let round = 0; round < rounds; round++) {
        a.push(await window(ours.pid, plan(ours.port, load)));
        b.push(await window(envoy.pid, plan(envoy.port, load)));
      }
      const row: Row = {
        scenario: scenario.name,
        phase: name,
        ours: middle(a),
        envoy: middle(b),
        ratio: {
          cpu: median(a.map((m, i) => m.cpuMicros / (b[i] as Measured).cpuMicros)),
          p99: median(a.map((m, i) => m.p99 / (b[i] as Measured).p99)),
        },
      };
      console.log(line(row));
      return row;
    };
    const rows = [
      await phase(`paced ${rate}/s, bursts every 20 ms`, { rate, burstEveryMs: 20 }),
      await phase(`paced ${rate}/s, smooth`, { rate }),
    ];
    const saturated = await phase("saturated, closed loop", {});
    rows.push(saturated);
    if (latency) {
      const knee = Math.min(saturated.ours.rps, saturated.envoy.rps);
      for (const share of [0.25, 0.5, 0.75])
        rows.push(await phase(`open loop at ${share * 100} % of the knee`, { rate: Math.round(knee * share) }));
    }
    return rows;
  } finally {
    await Promise.all(children.map(stop));
    rmSync(dir, { recursive: true, force: true });
  }
}

async function window(pid: number, plan: LoadPlan): Promise<Measured> {
  const child = spawnRole("load", plan);
  let before = 0;
  let spent = 0;
  let result: LoadResult | undefined;
  for await (const text of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    if (text === "open") before = cpuMicros(pid);
    else if (text === "close") spent = cpuMicros(pid) - before;
    else result = JSON.parse(text) as LoadResult;
  }
  if (result === undefined || result.completed === 0) throw new Error("the load finished without one answer");
  return {
    cpuMicros: spent / result.completed,
    rps: result.completed / (result.windowMs / 1000),
    busy: spent / 1000 / result.windowMs,
    p50: result.latencyMs.p50,
    p99: result.latencyMs.p99,
    rssMb: residentMb(pid),
    errors: result.errors,
  };
}

const middle = (rounds: readonly Measured[]): Measured => ({
  cpuMicros: median(rounds.map((m) => m.cpuMicros)),
  rps: median(rounds.map((m) => m.rps)),
  busy: median(rounds.map((m) => m.busy)),
  p50: median(rounds.map((m) => m.p50)),
  p99: median(rounds.map((m) => m.p99)),
  rssMb: median(rounds.map((m) => m.rssMb)),
  errors: rounds.reduce((sum, m) => sum + m.errors, 0),
});

const line = ({ scenario, phase, ours, envoy, ratio }: Row): string =>
  `| ${[scenario, phase, ...[ours, envoy].map((m) => `${m.cpuMicros.toFixed(1)}`), ratio.cpu.toFixed(2), ...[ours, envoy].map((m) => `${Math.round(m.rps)} (${Math.round(m.busy * 100)} %)`), ...[ours, envoy].map((m) => m.p99.toFixed(2)), ratio.p99.toFixed(2), ...[ours, envoy].map((m) => Math.round(m.rssMb)), `${ours.errors}/${envoy.errors}`].join(" | ")} |`;
const table = (rows: readonly Row[]): string =>
  [
    "| path | load | CPU µs/request, ours | Envoy | ratio | requests/s (core busy), ours | Envoy | p99 ms, ours | Envoy | ratio | RSS MB, ours | Envoy | errors |",
    `|${"---|".repeat(13)}`,
    ...rows.map(line),
  ].join("\n");

/** Load and upstream run as processes of their own: this same program, told its role by the environment. */
function spawnRole(name: string, argument: unknown): ChildProcess {
  const [head = process.execPath, ...tail] = [...pinned(LOAD_CORE), process.execPath, process.argv[1] ?? ""];
  return spawn(head, tail, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, BENCH_ROLE: name, BENCH_ARGUMENT: JSON.stringify(argument) },
  });
}
async function role(name: string, argument: unknown): Promise<ChildProcess> {
  const child = spawnRole(name, argument);
  await new Promise((resolve) => child.stdout?.once("data", resolve));
  return child;
}
async function play(name: string, argument: string): Promise<void> {
  if (name === "upstream") {
    const { port, tls } = JSON.parse(argument) as { port: number; tls?: Certificates };
    await startUpstream(port, tls);
    console.log("up");
    return;
  }
  const result = await runLoad(JSON.parse(argument) as LoadPlan, (open) => console.log(open ? "open" : "close"));
  console.log(JSON.stringify(result));
  process.exit(0);
}

async function ready(admin: number, child: ChildProcess): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (child.exitCode !== null) throw new Error(`a proxy ended at its start with ${child.exitCode}`);
    const ok = await fetch(`http://127.0.0.1:${admin}/ready`).then(
      (r) => r.ok,
      () => false,
    );
    if (ok) return;
    await sleep(50);
  }
  throw new Error("a proxy was not ready within 10 s");
}
function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}
function findEnvoy(): { path: string; version: string } {
  const cache =
    process.env.MESHUP_PARTS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "meshup-parts");
  const path = join(cache, "venv/bin/envoy");
  if (!existsSync(path)) fail("Envoy is absent: tools/parts/build.sh envoy gets it");
  return { path, version: "1.40.0" };
}
function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

const roleName = process.env.BENCH_ROLE;
(roleName ? play(roleName, process.env.BENCH_ARGUMENT as string) : main()).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
