import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { writeCertificates } from "./certificates";
import { bootstrap, type Certificates, type Feature } from "./config";
import { sleep } from "./load";
import { freePort, pinned, proxyCore } from "./process";
import { startRole } from "./role";

export interface Scenario {
  readonly name: string;
  readonly tlsDown?: boolean;
  readonly tlsUp?: boolean;
  readonly features: readonly Feature[];
  /** Routes in the table; default 1. */
  readonly routes?: number;
}

export interface Proxy {
  readonly pid: number;
  readonly port: number;
}

/** Both proxies with the same configuration, before one upstream. */
export interface Pair {
  readonly ours: Proxy;
  readonly envoy: Proxy;
  /** Those of the client, where the scenario has TLS. */
  readonly certificates?: Certificates;
  stop(): Promise<void>;
}

/** The pinned Envoy; undefined where it was not fetched. */
export function findEnvoy(): string | undefined {
  const cache =
    process.env.MESHUP_PARTS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "meshup-parts");
  const path = join(cache, "venv/bin/envoy");
  return existsSync(path) ? path : undefined;
}

export async function startPair(scenario: Scenario, envoyPath: string, bundle: string): Promise<Pair> {
  const dir = mkdtempSync(join(tmpdir(), "meshup-bench-"));
  const children: ChildProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(children.map(end));
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    const certificates = scenario.tlsDown ? await writeCertificates(dir) : undefined;
    const tlsUp = scenario.tlsUp ? certificates : undefined;
    const upstreamPort = await freePort();
    children.push(await startRole("upstream", { port: upstreamPort, tls: tlsUp }));
    const run = async (name: string, command: (config: string) => readonly string[]): Promise<Proxy> => {
      const [port, admin] = [await freePort(), await freePort()];
      const config = join(dir, `${name}.json`);
      const { features, routes } = scenario;
      const text = bootstrap({ port, admin, upstreamPort, tlsDown: certificates, tlsUp, features, routes });
      writeFileSync(config, JSON.stringify(text));
      const [head = "", ...tail] = [...pinned(proxyCore), ...command(config)];
      const child = spawn(head, tail, { stdio: ["ignore", "ignore", "ignore"] });
      children.push(child);
      await ready(name, admin, child);
      return { pid: child.pid as number, port };
    };
    const ours = await run("meshup", (config) => [process.execPath, bundle, "-c", config]);
    const quiet = ["--concurrency", "1", "--disable-hot-restart", "-l", "error"];
    const envoy = await run("envoy", (config) => [envoyPath, "-c", config, ...quiet]);
    return { ours, envoy, certificates, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ready(name: string, admin: number, child: ChildProcess): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (child.exitCode !== null) throw new Error(`${name} ended at its start with ${child.exitCode}`);
    const ok = await fetch(`http://127.0.0.1:${admin}/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await sleep(50);
  }
  throw new Error(`${name} was not ready within 10 s`);
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}
