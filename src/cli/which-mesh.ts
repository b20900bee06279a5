import { existsSync } from "node:fs";
import { runningMeshes } from "../host/client";
import { UsageError } from "./io";

const DEFAULT_FILE = "mesh.yaml";

/** Reading a mesh takes the model with it, which a mesh's name does not need. */
const nameIn = async (file: string): Promise<string> => (await import("./mesh-file.js")).loadFile(file).model.name;

/** The mesh that a command means: the one named, else the one that runs, else the one of ./mesh.yaml. */
export async function whichMesh(named: string | undefined): Promise<string> {
  if (named !== undefined) return /\.ya?ml$|\.json$/.test(named) ? nameIn(named) : named;
  const running = await runningMeshes();
  const [only] = running;
  if (running.length === 1 && only !== undefined) return only;
  if (existsSync(DEFAULT_FILE)) return nameIn(DEFAULT_FILE);
  throw new UsageError(
    running.length === 0
      ? "no mesh is running on this host; meshup up FILE starts one"
      : `several meshes are running, name one: ${running.join(", ")}`,
  );
}
