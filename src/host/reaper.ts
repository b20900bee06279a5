/**
 * A process that outlives the supervisor by a moment: it holds the reading end of a pipe and the list of process groups
 * that the supervisor started. When the pipe ends without a farewell, the supervisor died, and all of them are ended.
 */
import { createInterface } from "node:readline";
import { groupExists, signalGroup } from "./process-identity";
import { StateDir } from "./state";

const GRACE_MS = 2_000;
const POLL_MS = 50;

export async function endGroups(pids: Iterable<number>): Promise<void> {
  const left = new Set(pids);
  for (const pid of left) signalGroup(pid, "SIGTERM");
  const deadline = Date.now() + GRACE_MS;
  while (Date.now() < deadline) {
    for (const pid of left) if (!groupExists(pid)) left.delete(pid);
    if (left.size === 0) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  for (const pid of left) signalGroup(pid, "SIGKILL");
}

/** Reads `+PID`, `-PID` and `bye` lines. */
export async function reap(input: NodeJS.ReadableStream, mesh: string): Promise<void> {
  const pids = new Set<number>();
  let farewell = false;
  for await (const line of createInterface({ input })) {
    if (line === "bye") farewell = true;
    else if (line.startsWith("+")) pids.add(Number(line.slice(1)));
    else pids.delete(Number(line.slice(1)));
  }
  if (farewell) return;
  await endGroups(pids);
  new StateDir(mesh).clear();
}

if (require.main === module) {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
  void reap(process.stdin, process.argv[2] ?? "").then(() => process.exit(0));
}
