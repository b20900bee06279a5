import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** What one operation of the engine took. */
export interface Measured {
  readonly seconds: number;
  /** CPU time of engine and program, their start included: it tells a busy machine from slow code. */
  readonly cpuSeconds: number;
  /** Greatest resident sets. The stand-in provider is no part of what is measured. */
  readonly engineMb: number;
  readonly programMb: number;
  /** What the engine did, by kind of step, as its summary tells it. */
  readonly changes: Readonly<Record<string, number>>;
}

interface Seen {
  peakMb: number;
  cpuSeconds: number;
}
const SAMPLE_MS = 50;
/** Linux tells CPU time in hundredths of a second, on every platform that Node runs on. */
const TICKS = 100;

/**
 * Runs the engine's command, and looks at it and its descendants until it ends: the kernel keeps each one's greatest
 * resident set, so a sample misses at most what a process did in its last moments.
 */
export async function measure(
  cli: string,
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Measured> {
  const start = process.hrtime.bigint();
  const child = spawn(cli, [...args, "--non-interactive", "--color", "never"], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  let wrong = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (wrong += text));
  const seen = { engine: nothing(), program: nothing() };
  const pid = child.pid as number;
  const timer = setInterval(() => sample(pid, seen), SAMPLE_MS);
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exit) => resolve(exit ?? 1));
  });
  clearInterval(timer);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${code}\n${wrong}\n${said.slice(-4_000)}`);
  return {
    seconds,
    cpuSeconds: seen.engine.cpuSeconds + seen.program.cpuSeconds,
    engineMb: seen.engine.peakMb,
    programMb: seen.program.peakMb,
    changes: changesIn(said),
  };
}

const nothing = (): Seen => ({ peakMb: 0, cpuSeconds: 0 });

function sample(engine: number, seen: { readonly engine: Seen; readonly program: Seen }): void {
  look(engine, seen.engine);
  for (const pid of descendants(engine)) if (isProgram(pid)) look(pid, seen.program);
}

/** Keeps what a process has used so far; one that has just ended tells nothing. */
function look(pid: number, into: Seen): void {
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1];
  // The command's name may hold spaces; what follows its parenthesis does not.
  const stat = read(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ");
  const [user, system] = [Number(stat?.[11]), Number(stat?.[12])];
  into.peakMb = Math.max(into.peakMb, Number(peak ?? 0) / 1024);
  if (user + system > 0) into.cpuSeconds = Math.max(into.cpuSeconds, (user + system) / TICKS);
}

const isProgram = (pid: number): boolean => read(`/proc/${pid}/cmdline`).includes("@pulumi/pulumi/cmd/run/");

function descendants(of: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const parent = Number(/^PPid:\s+(\d+)$/m.exec(read(`/proc/${name}/status`))?.[1] ?? 0);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  const walk = (pid: number): void => {
    for (const child of children.get(pid) ?? []) {
      found.push(child);
      walk(child);
    }
  };
  walk(of);
  return found;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** The summary at the end: `+ 12 created`, `~ 3 to update`, `40 unchanged`; a preview's words become an update's. */
function changesIn(said: string): Record<string, number> {
  const lines = said
    .slice(said.lastIndexOf("Resources:"))
    .matchAll(/^\s+[^\s\d]?\s*(\d+) (?:to )?(unchanged|[a-z]+)$/gm);
  return Object.fromEntries([...lines].map(([, count, what = ""]) => [what.replace(/d$/, ""), Number(count)]));
}
