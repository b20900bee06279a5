import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { identify, isAlive, type ProcessIdentity } from "./process-identity";
import { problem } from "./problem";
import type { StateDir } from "./state";

const file = (state: StateDir): string => join(state.path, "supervisor.json");

function read(state: StateDir): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file(state), "utf8")) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

/** The process that supervises the mesh now, if one does. */
export function holder(state: StateDir): ProcessIdentity | undefined {
  const owner = read(state);
  return owner !== undefined && isAlive(owner) ? owner : undefined;
}

/**
 * Makes this process the mesh's one supervisor; gives the way to step down.
 * @throws Problem MESH3010 where another one lives.
 */
export function lock(state: StateDir): () => void {
  const own = identify(process.pid) ?? { pid: process.pid, started: "" };
  for (let attempt = 0; attempt < 2; attempt += 1)
    try {
      writeFileSync(file(state), JSON.stringify(own), { flag: "wx", mode: 0o600 });
      return () => rmSync(file(state), { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      if (holder(state) !== undefined) break;
      rmSync(file(state), { force: true });
    }
  throw problem(
    "MESH3010",
    "",
    `process ${holder(state)?.pid ?? "?"} supervises mesh "${state.mesh}" already`,
    `meshup down ${state.mesh} ends it; meshup up with the same file changes it while it runs.`,
  );
}
