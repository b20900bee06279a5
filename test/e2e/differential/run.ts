import { play, type Got } from "./client";
import type { Engine } from "./engines";
import type { Setup } from "./setup";
import type { Arrival, Upstreams } from "./upstream";

/** All that one engine showed of one case. */
export interface Observed {
  readonly got: Got;
  readonly arrivals: readonly Arrival[];
  readonly counters: Readonly<Record<string, number>>;
  /** Filled from the access log when the engine has ended. */
  log: readonly string[];
}

export function caseId(setup: Setup, index: number): string {
  return `${setup.name}.${index}`;
}

/** Plays all cases of all setups: setups side by side, a setup's cases in order. */
export async function run(
  engine: Engine,
  upstreams: Upstreams,
  setups: readonly Setup[],
): Promise<Map<string, Observed>> {
  const observed = new Map<string, Observed>();
  const waiting = [...setups];
  const next = async (): Promise<void> => {
    for (let setup = waiting.shift(); setup !== undefined; setup = waiting.shift())
      await runSetup(engine, upstreams, setup, observed);
  };
  await Promise.all(Array.from({ length: 8 }, next));
  return observed;
}

async function runSetup(
  engine: Engine,
  upstreams: Upstreams,
  setup: Setup,
  observed: Map<string, Observed>,
): Promise<void> {
  const names = setup.counters ?? [];
  const cluster = Object.keys(setup.clusters ?? { [setup.name]: 0 })[0] as string;
  const counted = async () => (names.length === 0 ? {} : engine.counters(cluster, names));
  for (const [index, spec] of setup.cases.entries()) {
    const id = caseId(setup, index);
    upstreams.expect(id, spec.answers ?? []);
    const before: Readonly<Record<string, number>> = await counted();
    const got = await play(engine.ports[setup.name] as number, id, spec);
    const after: Readonly<Record<string, number>> = await counted();
    const counters = Object.fromEntries(names.map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)]));
    observed.set(id, { got, arrivals: upstreams.arrived(id), counters, log: [] });
  }
}

/** Hands each case its lines of the access log. */
export function addLogs(observed: Map<string, Observed>, log: string): void {
  for (const line of log.split("\n")) {
    const tab = line.indexOf("\t");
    const found = observed.get(line.slice(0, tab));
    if (found) found.log = [...found.log, line.slice(tab + 1)];
  }
}
