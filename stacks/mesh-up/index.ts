import { readMeshUpConfig } from "./config";
import { meshUp } from "./program";

/** Where to call the mesh, by service; and what it costs a month. */
export const { services, cost } = meshUp(readMeshUpConfig());
