import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { identify, isAlive, type ProcessIdentity } from "./process-identity";
import { endGroups } from "./reaper";
import type { StateDir } from "./state";

/** Every process group that a supervisor started, known to its reaper and to disk. */
export class Registry {
  private readonly processes = new Map<number, ProcessIdentity>();
  private readonly reaper: ChildProcess;

  constructor(private readonly state: StateDir) {
    this.reaper = spawn(process.execPath, [join(__dirname, "reaper.js"), state.mesh], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
      env: process.env,
    });
    // A reaper that cannot be written to is gone; the list on disk remains.
    this.reaper.stdin?.on("error", () => undefined);
    this.reaper.unref();
  }

  add(pid: number): void {
    this.reaper.stdin?.write(`+${pid}\n`);
    const identity = identify(pid);
    if (identity !== undefined) this.processes.set(pid, identity);
    this.save();
  }

  remove(pid: number): void {
    this.reaper.stdin?.write(`-${pid}\n`);
    this.processes.delete(pid);
    this.save();
  }

  /** Everything has ended in order: the reaper may go. */
  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.reaper.once("exit", resolve));
    if (this.reaper.exitCode !== null || this.reaper.signalCode !== null) return;
    this.reaper.stdin?.end("bye\n");
    await gone;
  }

  private save(): void {
    this.state.write(join(this.state.path, "processes.json"), JSON.stringify([...this.processes.values()]));
  }

  /** Ends what a supervisor left behind that died together with its reaper. */
  static async clean(state: StateDir): Promise<void> {
    const left = state.readJson("processes.json");
    if (!Array.isArray(left)) return;
    await endGroups((left as ProcessIdentity[]).filter(isAlive).map((p) => p.pid));
  }
}
