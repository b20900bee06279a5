import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Connection, connect } from "./client";
import { problem } from "./problem";
import { StateDir } from "./state";

const START_TIMEOUT_MS = 15_000;
const POLL_MS = 50;

/**
 * The mesh's supervisor, started in the background if none runs. `fresh` says that it was, and so has no mesh yet.
 * @throws Problem MESH3014 where it does not start.
 */
export async function connectOrStart(
  mesh: string,
): Promise<{ readonly connection: Connection; readonly fresh: boolean }> {
  const running = await connect(mesh);
  if (running !== undefined) return { connection: running, fresh: false };
  const state = new StateDir(mesh);
  state.create();
  const path = state.log("supervisor");
  const log = openSync(path, "w", 0o600);
  const child = spawn(process.execPath, [join(__dirname, "daemon.js"), mesh], {
    detached: true,
    stdio: ["ignore", log, log],
    cwd: "/",
  });
  closeSync(log);
  let exited = false;
  child.once("exit", () => (exited = true));
  child.once("error", () => (exited = true));
  child.unref();
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline && !exited) {
    const connection = await connect(mesh);
    if (connection !== undefined) return { connection, fresh: true };
    await sleep(POLL_MS);
  }
  if (!exited) child.kill("SIGKILL");
  const said = readFileSync(path, "utf8").trim().split("\n").slice(-3).join(" | ");
  throw problem("MESH3014", "", `the supervisor did not start: ${said}`, `Its log is ${path}.`);
}

/**
 * Brings a mesh up in the background, or changes the one that runs. A new mesh that does not come up leaves nothing.
 * @throws Problem with all that is wrong.
 */
export async function upDetached(
  mesh: string,
  document: unknown,
  base: string,
  progress?: (line: string) => void,
): Promise<Connection> {
  const { connection, fresh } = await connectOrStart(mesh);
  try {
    await connection.apply(document, base, progress);
  } catch (error) {
    if (fresh) await connection.down();
    throw error;
  }
  return connection;
}
