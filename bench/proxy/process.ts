import { readdirSync, readFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { cpus } from "node:os";

const ticksPerSecond = Number(spawnSync("getconf", ["CLK_TCK"]).stdout?.toString().trim() || 100);

/**
 * CPU time of a whole process so far, user and system, all threads, in microseconds. Linux: to the nanosecond where the
 * kernel keeps schedstat, else to 10 ms.
 */
export function cpuMicros(pid: number): number {
  try {
    let nanos = 0;
    for (const thread of readdirSync(`/proc/${pid}/task`))
      nanos += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "latin1").split(" ")[0]);
    if (nanos > 0) return nanos / 1000;
  } catch {
    // No schedstat in this kernel.
  }
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1e6;
}

/** Resident memory of a process in MB. */
export const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? 0) / 1024;

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** The proxy alone on one core; its load and its upstream on another. */
export const proxyCore = 1;
export const loadCore = 0;

/** False on one core, or without taskset: then the kernel places the processes, and ratios are less steady. */
export const canPin =
  spawnSync("taskset", ["-c", `${loadCore},${proxyCore}`, "true"]).status === 0 && cpus().length > 1;

/** The command prefix that keeps a process on one core, or none where the machine cannot. */
export const pinned = (core: number): string[] => (canPin ? ["taskset", "-c", String(core)] : []);
