import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BackendName } from "../../src/model";
import type { BackendCase } from "./backend-page";

/** Cloud Service Mesh reads Istio's resources, so Istio's cases show what it is told. */
const folderOf = (backend: BackendName): string => (backend === "istio-managed-csm" ? "istio" : backend);

/** The golden cases that show what a backend is told; paths are from the repository's root. */
export function casesOf(root: string, backend: BackendName): BackendCase[] {
  const folder = join("test/renderers", folderOf(backend), "cases");
  return readdirSync(join(root, folder))
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => ({ path: join(folder, file), text: readFileSync(join(root, folder, file), "utf8") }));
}
