import { existsSync } from "node:fs";
import { runningMeshes } from "../host";
import { UsageError } from "./io";
import { DEFAULT_FILE, loadFile } from "./mesh-file";

/** The mesh that a command means: the one named, else the one that runs, else the one of ./mesh.yaml. */
export async function whichMesh(named: string | undefined): Promise<string> {
  if (named !== undefined) return /\.ya?ml$|\.json$/.test(named) ? loadFile(named).model.name : named;
  const running = await runningMeshes();
  const [only] = running;
  if (running.length === 1 && only !== undefined) return only;
  if (existsSync(DEFAULT_FILE)) return loadFile(DEFAULT_FILE).model.name;
  throw new UsageError(
    running.length === 0
      ? "no mesh is running on this host; meshup up FILE starts one"
      : `several meshes are running, name one: ${running.join(", ")}`,
  );
}
