import { type ChildProcess, spawn } from "node:child_process";
import type { Certificates } from "./config";
import { holdConnections, type HoldPlan } from "./hold";
import { type LoadPlan, runLoad } from "./load";
import { loadCore, pinned } from "./process";
import { startUpstream } from "./upstream";

/** What a process of the benchmark can be besides a proxy. */
export type Role = "upstream" | "load" | "hold";

/** Load and upstream are processes of their own: this same program, told its role by the environment. */
export function spawnRole(role: Role, argument: unknown): ChildProcess {
  const [head = process.execPath, ...tail] = [...pinned(loadCore), process.execPath, process.argv[1] ?? ""];
  return spawn(head, tail, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, BENCH_ROLE: role, BENCH_ARGUMENT: JSON.stringify(argument) },
  });
}

/** The same, once it says that it is up. */
export async function startRole(role: Role, argument: unknown): Promise<ChildProcess> {
  const child = spawnRole(role, argument);
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once("data", () => resolve());
    child.once("exit", (code) => reject(new Error(`${role} ended with ${code}`)));
  });
  return child;
}

/** Plays the role that the environment gives; false where it gives none. */
export async function playRole(): Promise<boolean> {
  const { BENCH_ROLE: role, BENCH_ARGUMENT: text = "" } = process.env;
  if (role === undefined) return false;
  const argument: unknown = JSON.parse(text);
  if (role === "upstream") {
    const { port, tls } = argument as { readonly port: number; readonly tls?: Certificates };
    await startUpstream(port, tls);
    console.log("up");
  } else if (role === "hold") {
    await holdConnections(argument as HoldPlan);
    console.log("up");
  } else {
    const result = await runLoad(argument as LoadPlan, (open) => console.log(open ? "open" : "close"));
    console.log(JSON.stringify(result));
    process.exit(0);
  }
  return true;
}
