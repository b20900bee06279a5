import { readBackend } from "../backend";
import { readConfig } from "../config";

/** What differs between the environments of the mesh app. */
export const readMeshUpConfig = () =>
  readConfig(__dirname, (stack) => ({
    /** What the mesh runs on. */
    backend: readBackend(stack),
    /** Image of both versions, where there is a cluster. */
    image: stack.text("image", "mesh-image"),
    /** Share of /v1 that goes to v2, in percent. */
    canary: stack.integer("canary", { min: 0, max: 100 }, 0),
  }));
export type MeshUpConfig = ReturnType<typeof readMeshUpConfig>;
