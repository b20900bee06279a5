import { Mesh, MeshRoute, MeshService } from "../../components";
import type { PlatformConfig } from "./config";

/** The mesh of the whole company: what holds everywhere, and the one service that everybody calls. */
export function platform({ backend, image }: PlatformConfig): Mesh {
  const mesh = new Mesh("company", {
    backend: backend.name,
    namespace: "platform",
    mtls: { mode: "STRICT" },
    backends: { [backend.name]: { settings: backend.settings } },
  });
  new MeshService(
    "identity",
    {
      ports: [{ name: "http", port: 80, targetPort: 8080 }],
      versions: [
        { name: "v1", workload: { replicas: 2, serviceAccount: "identity", container: { image, port: 8080 } } },
      ],
    },
    { parent: mesh },
  );
  new MeshRoute(
    "identity",
    { service: "identity", http: [{ timeout: "1s", backends: [{ service: "identity" }] }] },
    { parent: mesh },
  );
  return mesh;
}
