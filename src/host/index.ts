/**
 * A mesh on this host. `up` brings one up in the background or changes the one that runs; `status` and `down` are for
 * the one that runs. All take and give plain JSON, so that any process can drive them.
 */
import { mustConnect } from "./client";
import { upDetached } from "./detach";
import type { Status } from "./status";

export type { Changes } from "./supervisor";
export type { ReplicaStatus, ServiceStatus, Status } from "./status";
export { type Connection, connect, mustConnect, runningMeshes } from "./client";
export { connectOrStart, upDetached } from "./detach";
export { bundledFile } from "./engine";
export { logsNamed, readLogs } from "./logs";
export { CODES, finding, Problem, problem } from "./problem";
export { Interrupted } from "./ready";
export { run, type Running } from "./run";
export { StateDir } from "./state";

/** `metadata.name` of a mesh document. */
const nameOf = (document: unknown): string => {
  const name = (document as { metadata?: { name?: unknown } } | undefined)?.metadata?.name;
  if (typeof name === "string" && name !== "") return name;
  throw new TypeError("the document has no metadata.name");
};

/**
 * Brings the mesh of a document up on this host, detached, or changes it while it runs; gives its status then.
 * `base` is the directory that its paths are relative to; default the current one.
 * @throws Problem with all that is wrong; a mesh that ran goes on as before.
 */
export async function apply(document: unknown, base = process.cwd()): Promise<Status | undefined> {
  const connection = await upDetached(nameOf(document), document, base);
  return connection.status();
}

/** @throws Problem MESH3011 where the mesh is not running. */
export const status = async (mesh: string): Promise<Status | undefined> => (await mustConnect(mesh)).status();

/** @throws Problem MESH3011 where the mesh is not running. */
export const down = async (mesh: string): Promise<void> => (await mustConnect(mesh)).down();
