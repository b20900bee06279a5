import { setTimeout as sleep } from "node:timers/promises";
import type { Finding } from "../model/finding";
import type { Address } from "../renderers/proxy";
import type { ManagedProcess } from "./managed-process";
import { answers, proxyReady } from "./probe";
import { finding, Problem } from "./problem";

const POLL_MS = 25;

/** Somebody ended the mesh while it was starting. */
export class Interrupted extends Error {
  constructor() {
    super("the mesh was ended while it was starting");
  }
}

const quoted = (process: ManagedProcess): string => {
  const lines = process.log.lastLines();
  return lines.length === 0 ? "It wrote nothing." : `It wrote:\n${lines.map((line) => `    ${line}`).join("\n")}`;
};

interface Awaited {
  readonly process: ManagedProcess;
  readonly path: string;
  readonly probe: () => Promise<boolean>;
  readonly kind: "Workload" | "Proxy";
  readonly what: string;
}

async function one(item: Awaited, deadline: number, given: { up: boolean }): Promise<Finding | undefined> {
  const { process, kind } = item;
  while (!given.up) {
    if (process.failure !== undefined)
      return finding(
        kind === "Workload" ? "MESH3005" : "MESH3007",
        item.path,
        `${process.spec.name} (${process.spec.command.join(" ")}) ${process.failure} before it was ready. ${quoted(process)}`,
        kind === "Workload" ? "Correct the command, or what it reports." : "Please report this with the lines above.",
      );
    if (await item.probe()) {
      // The port may have been another's: only a living process is ready.
      if (process.failure === undefined && process.running) return undefined;
      continue;
    }
    if (Date.now() > deadline)
      return finding(
        kind === "Workload" ? "MESH3006" : "MESH3008",
        item.path,
        `${process.spec.name} did not ${item.what} in time. ${quoted(process)}`,
        kind === "Workload" ? "Let it listen on $HOST:$PORT." : "Please report this with the lines above.",
      );
    await sleep(POLL_MS);
  }
  return undefined;
}

export const workloadReady = (process: ManagedProcess, at: Address | undefined, path: string): Awaited => ({
  process,
  path,
  probe: () => (at === undefined ? Promise.resolve(true) : answers(at)),
  kind: "Workload",
  what: at === undefined ? "start" : `answer on ${at.address}:${at.port}`,
});

export const proxyIsReady = (process: ManagedProcess, admin: Address, path = ""): Awaited => ({
  process,
  path,
  probe: () => proxyReady(admin),
  kind: "Proxy",
  what: "become ready",
});

/**
 * Waits for all; the first that fails ends the wait for the others.
 * @throws Problem with what failed.
 */
export async function allReady(items: readonly Awaited[], timeoutMs: number, interrupt: AbortSignal): Promise<void> {
  const given = { up: interrupt.aborted };
  interrupt.addEventListener("abort", () => (given.up = true), { once: true });
  const deadline = Date.now() + timeoutMs;
  const findings = await Promise.all(
    items.map(async (item) => {
      const found = await one(item, deadline, given);
      if (found !== undefined) given.up = true;
      return found;
    }),
  );
  const wrong = findings.filter((found) => found !== undefined);
  if (wrong.length > 0) throw new Problem(wrong);
  if (interrupt.aborted) throw new Interrupted();
}
