import { type ChildProcess, spawn } from "node:child_process";
import { LogFile } from "./log-file";
import { groupExists, signalGroup } from "./process-identity";
import type { Registry } from "./registry";

export interface ProcessSpec {
  /** Unique in the mesh; names its log. */
  readonly name: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Sent over the IPC channel at every start; absent: no channel. */
  readonly message?: Record<string, unknown>;
}

export interface ProcessOptions {
  readonly registry: Registry;
  readonly logPath: string;
  /** Told of every unexpected end. */
  readonly onCrash: (description: string, restartInMs: number) => void;
}

const FIRST_BACKOFF_MS = 200;
const MAX_BACKOFF_MS = 10_000;
/** A process that ran this long did start; its next crash is a first one. */
const STABLE_MS = 10_000;
const POLL_MS = 20;
const GIVE_UP_MS = 2_000;

/** A process in a group of its own: its output kept, ended as a group, restarted with backoff once it was ready. */
export class ManagedProcess {
  readonly log: LogFile;
  private child: ChildProcess | undefined;
  private startedAt = 0;
  private backoff = FIRST_BACKOFF_MS;
  private timer: NodeJS.Timeout | undefined;
  private state: "starting" | "supervised" | "stopped" = "starting";
  /** How it ended, where it ended before it was supervised. */
  private ended: string | undefined;

  constructor(
    readonly spec: ProcessSpec,
    private readonly options: ProcessOptions,
  ) {
    this.log = new LogFile(options.logPath);
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }
  get running(): boolean {
    return this.child !== undefined;
  }
  /** Why it ended while starting; undefined while it runs. */
  get failure(): string | undefined {
    return this.ended;
  }

  start(): void {
    const [file = "", ...args] = this.spec.command;
    this.log.forget();
    const child = spawn(file, args, {
      cwd: this.spec.cwd,
      env: this.spec.env,
      detached: true,
      stdio: this.spec.message === undefined ? ["ignore", "pipe", "pipe"] : ["ignore", "pipe", "pipe", "ipc"],
    });
    this.child = child;
    this.startedAt = Date.now();
    const pid = child.pid;
    if (pid !== undefined) this.options.registry.add(pid);
    child.stdout?.on("data", (chunk: Buffer) => this.log.write(chunk));
    child.stderr?.on("data", (chunk: Buffer) => this.log.write(chunk));
    let over = false;
    const end = (how: string): void => {
      if (over) return;
      over = true;
      this.onEnd(pid, how);
    };
    child.once("error", (error) => {
      if (child.pid === undefined) end(error.message);
    });
    // "close" follows "exit" once all output was read, but a grandchild may hold the pipes: do not wait for it long.
    child.once("exit", (code, signal) => {
      const how = signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
      child.once("close", () => end(how));
      setTimeout(() => end(how), 200);
    });
    if (this.spec.message !== undefined) child.send(this.spec.message, () => undefined);
  }

  /** From now on it is restarted whenever it ends. */
  supervise(): void {
    if (this.state === "starting") this.state = "supervised";
  }

  /** Ends it now and starts it anew, without backoff. */
  async restart(graceMs: number): Promise<void> {
    if (this.state === "stopped") return;
    const before = this.state;
    this.state = "starting";
    await this.end(graceMs);
    this.ended = undefined;
    this.state = before;
    this.start();
  }

  /** SIGTERM to the group, SIGKILL after the grace. Resolves when nothing of it is left. */
  async stop(graceMs: number): Promise<void> {
    this.state = "stopped";
    clearTimeout(this.timer);
    await this.end(graceMs);
    this.log.close();
  }

  private async end(graceMs: number): Promise<void> {
    const pid = this.child?.pid;
    if (pid === undefined) return;
    signalGroup(pid, "SIGTERM");
    const deadline = Date.now() + graceMs;
    while (this.child?.pid === pid || groupExists(pid)) {
      if (Date.now() > deadline) signalGroup(pid, "SIGKILL");
      // Where nobody reaps orphans, a killed one stays in its group for ever.
      if (Date.now() > deadline + GIVE_UP_MS) return;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  private onEnd(pid: number | undefined, how: string): void {
    this.child = undefined;
    // What it may have left in its group goes with it.
    if (pid !== undefined) {
      signalGroup(pid, "SIGKILL");
      this.options.registry.remove(pid);
    }
    if (this.state === "stopped") return;
    if (this.state === "starting") {
      this.ended = how;
      return;
    }
    if (Date.now() - this.startedAt > STABLE_MS) this.backoff = FIRST_BACKOFF_MS;
    const delay = this.backoff;
    this.backoff = Math.min(this.backoff * 2, MAX_BACKOFF_MS);
    this.options.onCrash(how, delay);
    this.timer = setTimeout(() => this.start(), delay);
  }
}
