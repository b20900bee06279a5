import { createInterface } from "node:readline";
import type { LoadPlan, LoadResult } from "./load";
import type { Pair, Proxy } from "./pair";
import { cpuMicros, residentMb } from "./process";
import { type LadderStep, type Measured, median, type MemoryRow, type Row } from "./report";
import { spawnRole, startRole } from "./role";

/** How long, how often and how hard. */
export interface Measuring {
  readonly rounds: number;
  readonly windowMs: number;
  readonly connections: number;
}
type Load = Pick<LoadPlan, "rate" | "burstEveryMs">;

/**
 * Load without pause before anything is measured: until V8 has compiled what is hot, its compiler threads take a quarter
 * of the CPU, which says nothing about a proxy that runs for days.
 */
export async function warm(pair: Pair, connections: number): Promise<void> {
  for (const proxy of [pair.ours, pair.envoy])
    await window(proxy, pair, {}, { rounds: 1, windowMs: warmMs, connections });
}
const warmMs = 3000;

/** Both proxies in turn, round by round, so that a drifting machine hurts both. */
export async function measureRow(
  pair: Pair,
  scenario: string,
  phase: string,
  load: Load,
  measuring: Measuring,
): Promise<Row> {
  const [ours, envoy]: [Measured[], Measured[]] = [[], []];
  for (let round = 0; round < measuring.rounds; round++) {
    ours.push(await window(pair.ours, pair, load, measuring));
    envoy.push(await window(pair.envoy, pair, load, measuring));
  }
  const shares = ours.map((m, i) => m.cpuMicros / (envoy[i] as Measured).cpuMicros);
  const tails = ours.map((m, i) => m.p99 / (envoy[i] as Measured).p99);
  const ratio = {
    cpu: median(shares),
    cpuLeast: Math.min(...shares),
    cpuMost: Math.max(...shares),
    p99: median(tails),
  };
  return { scenario, phase, ours: middle(ours), envoy: middle(envoy), ratio };
}

/** Pairs that differ by one feature each, all of them in every round: a step is the median of the rounds' differences. */
export async function measureLadder(
  pairs: readonly { readonly feature: string; readonly pair: Pair }[],
  load: Load,
  measuring: Measuring,
): Promise<LadderStep[]> {
  const cost: { ours: number[]; envoy: number[] }[] = pairs.map(() => ({ ours: [], envoy: [] }));
  for (let round = 0; round < measuring.rounds; round++)
    for (const [i, { pair }] of pairs.entries()) {
      cost[i]?.ours.push((await window(pair.ours, pair, load, measuring)).cpuMicros);
      cost[i]?.envoy.push((await window(pair.envoy, pair, load, measuring)).cpuMicros);
    }
  const adds = (now: readonly number[], before: readonly number[] | undefined): number =>
    before === undefined ? 0 : median(now.map((value, round) => value - (before[round] ?? NaN)));
  return pairs.map(({ feature }, i) => {
    const { ours = [], envoy = [] } = cost[i] ?? {};
    const before = cost[i - 1];
    return {
      feature,
      ours: median(ours),
      envoy: median(envoy),
      oursAdds: adds(ours, before?.ours),
      envoyAdds: adds(envoy, before?.envoy),
    };
  });
}

/** Memory of each with that many connections open, every one of which was served. */
export async function measureMemory(
  pair: Pair,
  scenario: string,
  connections: number,
  routes: number,
): Promise<MemoryRow> {
  const held = async ({ pid, port }: Proxy): Promise<number> => {
    const plan = { host: "127.0.0.1", port, tls: pair.certificates, connections, paths: routes };
    const clients = await startRole("hold", plan);
    const mb = residentMb(pid);
    await new Promise((resolve) => {
      clients.once("exit", resolve);
      clients.kill();
    });
    return mb;
  };
  return { scenario, connections, routes, oursMb: await held(pair.ours), envoyMb: await held(pair.envoy) };
}

async function window(proxy: Proxy, pair: Pair, load: Load, measuring: Measuring): Promise<Measured> {
  const { windowMs, connections } = measuring;
  const plan: LoadPlan = {
    host: "127.0.0.1",
    port: proxy.port,
    connections,
    warmupMs: 800,
    windowMs,
    tls: pair.certificates,
    ...load,
  };
  const child = spawnRole("load", plan);
  let before = 0;
  let spent = 0;
  let result: LoadResult | undefined;
  for await (const text of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    if (text === "open") before = cpuMicros(proxy.pid);
    else if (text === "close") spent = cpuMicros(proxy.pid) - before;
    else result = JSON.parse(text) as LoadResult;
  }
  if (result === undefined || result.completed === 0) throw new Error("the load finished without one answer");
  return {
    cpuMicros: spent / result.completed,
    rps: result.completed / (result.windowMs / 1000),
    busy: spent / 1000 / result.windowMs,
    p50: result.latencyMs.p50,
    p99: result.latencyMs.p99,
    rssMb: residentMb(proxy.pid),
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
