import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Loader } from "../../../src/proxy/loader";
import { Worker } from "../../../src/proxy/worker";
import { readBootstrap } from "../../../src/proxy/xds/bootstrap";

/** A proxy at work, whichever it is. */
export interface Engine {
  /** Ports by the listener's name. */
  readonly ports: Readonly<Record<string, number>>;
  counters(cluster: string, names: readonly string[]): Promise<Readonly<Record<string, number>>>;
  /** Ends it, and gives what it logged. */
  end(): Promise<string>;
}

/** What the bundled proxy says against a configuration; empty: it serves it. */
export function refusals(config: unknown): readonly string[] {
  const worker = new Worker();
  const loader = new Loader(worker, () => undefined);
  const read = readBootstrap({ value: config });
  const errors = read.ok ? loader.check(read.bootstrap) : read.errors;
  loader.close();
  worker.close();
  return errors.map(({ path, message }) => `${path}: ${message}`);
}

export async function startBundled(config: unknown, log: string): Promise<Engine> {
  const worker = new Worker();
  const loader = new Loader(worker, () => undefined);
  const read = readBootstrap({ value: config });
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  const errors = await loader.load(read.bootstrap);
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return {
    ports: Object.fromEntries([...worker.listeners()].map(({ name, port }) => [name, port])),
    counters: (cluster, names) => {
      const stats = [...worker.clusters()].find(({ name }) => name === cluster)?.stats as unknown as Record<
        string,
        number
      >;
      return Promise.resolve(Object.fromEntries(names.map((name) => [name, stats[name] ?? 0])));
    },
    end: async () => {
      worker.close();
      loader.close();
      await sleep(100);
      return readFileSync(log, "utf8");
    },
  };
}

interface Listeners {
  readonly listener_statuses: readonly {
    readonly name: string;
    readonly local_address: { readonly socket_address: { readonly port_value: number } };
  }[];
}
interface Stats {
  /** Counters and gauges; histograms come as one entry without a name. */
  readonly stats: readonly { readonly name?: string; readonly value: number }[];
}

export async function startEnvoy(envoy: string, config: unknown, log: string, dir: string): Promise<Engine> {
  const file = join(dir, "envoy.json");
  const adminFile = join(dir, "admin.txt");
  writeFileSync(file, JSON.stringify(config));
  const flush = ["--file-flush-interval-msec", "20", "--admin-address-path", adminFile];
  const child = spawn(envoy, ["-c", file, "--disable-hot-restart", "--concurrency", "1", "-l", "error", ...flush], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaint = "";
  child.stderr.on("data", (data: Buffer) => (complaint += data.toString()));
  const ready = async (): Promise<Record<string, number>> => {
    for (let i = 0; i < 600 && child.exitCode === null; i++, await sleep(50)) {
      if (!existsSync(adminFile)) continue;
      const admin = `http://${readFileSync(adminFile, "utf8").trim()}`;
      const answer = await fetch(`${admin}/ready`).catch(() => undefined);
      if (answer?.status !== 200) continue;
      const listeners = (await (await fetch(`${admin}/listeners?format=json`)).json()) as Listeners;
      return Object.fromEntries(
        listeners.listener_statuses.map((l) => [l.name, l.local_address.socket_address.port_value]),
      );
    }
    await stop(child);
    throw new Error(`Envoy did not start: ${complaint.slice(-2000)}`);
  };
  const ports = await ready();
  const admin = `http://${readFileSync(adminFile, "utf8").trim()}`;
  return {
    ports,
    counters: async (cluster, names) => {
      const filter = `^cluster\\.${cluster}\\.[a-z0-9_]*$`;
      const { stats } = (await (
        await fetch(`${admin}/stats?format=json&filter=${encodeURIComponent(filter)}`)
      ).json()) as Stats;
      const by = new Map(stats.map(({ name = "", value }) => [name.slice(name.lastIndexOf(".") + 1), value]));
      return Object.fromEntries(names.map((name) => [name, by.get(name) ?? 0]));
    },
    end: async () => {
      // Long enough for the log to be flushed.
      await sleep(100);
      await stop(child);
      return readFileSync(log, "utf8");
    },
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 3000);
  await ended;
  clearTimeout(late);
}
