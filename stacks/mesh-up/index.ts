import { readMeshUpConfig } from "./config";
import { meshUp } from "./program";

/** Where to call the mesh, by service. */
export const { services } = meshUp(readMeshUpConfig());
