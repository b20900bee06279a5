/**
 * npm run bench:routes: what the number of routes costs, from 10 to 10,000 in one virtual host.
 *
 * Look-up: routes are half exact paths, half prefixes under them, and a catch-all at the end, as a configuration of many
 * services has them. Each asked path is one of the routes' own, so that a look at each in order would read half of them
 * on average. Nanoseconds per look-up are the median of the rounds; `growth` is against the row before, where the routes
 * grew tenfold.
 *
 * Reading: the same routes as a configuration in JSON, from the text to the classes that serve, in slices, while a timer
 * of 1 ms tells how long the event loop stood still at most: as the clock says, garbage collection and other processes
 * included, and the part of it in which this thread was at work (Linux). `idle` is the clock's of a process that does
 * nothing for as long: what the machine itself adds. Each number is the median of the rounds.
 *
 * Options: --rounds N (7), --limit MS (20): fails where the event loop was at work for longer.
 */
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { HeaderList } from "../src/proxy/core/header-list";
import type { RouteInput } from "../src/proxy/routing/conditions";
import type { RouteIndex } from "../src/proxy/routing/route-index";
import { DownstreamStats } from "../src/proxy/core/stats";
import { compile, type CompileServices } from "../src/proxy/xds/compile";
import { inSlices } from "../src/proxy/xds/steps";
import { bootstrapSteps } from "../src/proxy/xds/bootstrap";

const sizes = [10, 100, 1000, 10_000] as const;
const { values } = parseArgs({
  options: { rounds: { type: "string", default: "7" }, limit: { type: "string", default: "20" } },
});
const rounds = Number(values.rounds);

const type = (name: string) => ({ "@type": `type.googleapis.com/envoy.${name}` });
const pathOf = (i: number): string => `/team-${i % 37}/service-${i}/v1`;

function configuration(size: number): string {
  const routes = Array.from({ length: size - 1 }, (_, i) => ({
    name: `route-${i}`,
    match: i % 2 === 0 ? { path: pathOf(i) } : { prefix: `${pathOf(i)}/` },
    route: {
      cluster: "up",
      timeout: "5s",
      retry_policy: { retry_on: "5xx,reset", num_retries: 2, per_try_timeout: "1s" },
    },
    request_headers_to_add: [{ header: { key: "x-route", value: `${i}` } }],
  }));
  const manager = {
    ...type("extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
    stat_prefix: "in",
    route_config: {
      virtual_hosts: [
        { name: "all", domains: ["*"], routes: [...routes, { match: { prefix: "/" }, route: { cluster: "up" } }] },
      ],
    },
    http_filters: [
      { name: "envoy.filters.http.router", typed_config: type("extensions.filters.http.router.v3.Router") },
    ],
  };
  const address = (port: number) => ({ socket_address: { address: "127.0.0.1", port_value: port } });
  return JSON.stringify({
    static_resources: {
      listeners: [
        {
          name: "in",
          address: address(0),
          filter_chains: [
            { filters: [{ name: "envoy.filters.network.http_connection_manager", typed_config: manager }] },
          ],
        },
      ],
      clusters: [
        {
          name: "up",
          type: "STATIC",
          load_assignment: {
            cluster_name: "up",
            endpoints: [{ lb_endpoints: [{ endpoint: { address: address(1) } }] }],
          },
        },
      ],
    },
  });
}

/** How long the event loop stood still at most: as the clock says, and what of it this thread was at work. */
class Stillness {
  longest = 0;
  busiest = 0;
  private last = performance.now();
  private lastCpu = threadCpu();
  private readonly timer = setInterval(() => this.look(), 1);

  private look(): void {
    const now = performance.now();
    const cpu = threadCpu();
    // The timer's own millisecond is no stillness.
    this.longest = Math.max(this.longest, now - this.last - 1);
    this.busiest = Math.max(this.busiest, cpu - this.lastCpu);
    this.last = now;
    this.lastCpu = cpu;
  }

  end(): this {
    this.look();
    clearInterval(this.timer);
    return this;
  }
}

/** Milliseconds that the main thread was at work, as Linux counts them; NaN elsewhere. */
function threadCpu(): number {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "latin1").split(" ")[0]) / 1e6;
  } catch {
    return NaN;
  }
}

async function idle(ms: number): Promise<Stillness> {
  const still = new Stillness();
  await sleep(ms);
  return still.end();
}

function unused(): never {
  throw new Error("the configuration of this benchmark has none");
}

const services: CompileServices = {
  downstreamTls: unused,
  upstreamTls: unused,
  accessLog: unused,
  spans: unused,
  audit: { denied: unused },
  downstreamStats: () => new DownstreamStats(),
};

interface Loaded {
  readonly index: RouteIndex;
  readonly still: Stillness;
  readonly totalMs: number;
}

async function load(text: string): Promise<Loaded> {
  const start = performance.now();
  const still = new Stillness();
  const read = await inSlices(bootstrapSteps({ text }));
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  const compiled = await inSlices(compile(read.bootstrap, services));
  still.end();
  const totalMs = performance.now() - start;
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.errors));
  const routes = compiled.value.listeners[0]?.chains[0]?.http.routes.virtualHost("a")?.routes;
  if (routes === undefined) throw new Error("no routes");
  return { index: routes, still, totalMs };
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] as number;
}

/** Nanoseconds of one look-up. */
function lookUp(index: RouteIndex, size: number): number {
  const inputs = Array.from({ length: 997 }, (_, i): RouteInput => {
    const route = (i * 7919) % (size - 1);
    const pathname = route % 2 === 0 ? pathOf(route) : `${pathOf(route)}/item`;
    return { method: "GET", authority: "a", scheme: "http", pathname, query: "", headers: new HeaderList() };
  });
  let wrong = 0;
  const pass = (): void => {
    for (const input of inputs) if (index.find(input)?.name === "") wrong++;
  };
  for (let i = 0; i < 200; i++) pass();
  const passes = 300;
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    for (let i = 0; i < passes; i++) pass();
    return ((performance.now() - start) * 1e6) / (passes * inputs.length);
  });
  if (wrong > 0) throw new Error(`${wrong} look-ups found the catch-all`);
  return median(times);
}

async function main(): Promise<void> {
  console.log(`Node ${process.version}, ${cpus()[0]?.model ?? "unknown CPU"}, ${rounds} rounds\n`);
  console.log(
    "| routes | ns per look-up | growth | read and compile ms | longest stillness ms | at work ms | idle ms |",
  );
  console.log("|---|---|---|---|---|---|---|");
  let before: number | undefined;
  let tooLong = false;
  for (const size of sizes) {
    const text = configuration(size);
    const loads: Loaded[] = [];
    for (let i = 0; i < rounds; i++) loads.push(await load(text));
    const ns = lookUp((loads[0] as Loaded).index, size);
    const growth = before === undefined ? "" : `× ${(ns / before).toFixed(2)}`;
    const still = median(loads.map((l) => l.still.longest));
    const busy = median(loads.map((l) => l.still.busiest));
    const total = median(loads.map(({ totalMs }) => totalMs));
    const control = await idle(total);
    const times = [total.toFixed(0), still.toFixed(1), busy.toFixed(1), control.longest.toFixed(1)];
    console.log(`| ${[size, ns.toFixed(0), growth, ...times].join(" | ")} |`);
    before = ns;
    if ((Number.isNaN(busy) ? still : busy) > Number(values.limit)) tooLong = true;
  }
  if (!tooLong) return;
  console.error(`the event loop stood still for more than ${values.limit} ms`);
  process.exitCode = 1;
}

void main();
