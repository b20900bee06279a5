import { Mesh, MeshRoute, MeshService, MtlsPolicy } from "../../components";
import type { MeshUpConfig } from "./config";
import { accepted } from "./losses";

/** The article's mesh: one service in two versions, its routes, and mTLS; the same on every backend. */
export function meshUp({ backend, image, canary }: MeshUpConfig): Mesh {
  const mesh = new Mesh("mesh-up", {
    backend: backend.name,
    namespace: "mesh-namespace",
    backends: { [backend.name]: { accept: accepted[backend.name] ?? [], settings: backend.settings } },
  });

  const version = (name: string, workload: string, replicas: number) => ({
    name,
    workload: {
      name: workload,
      replicas,
      serviceAccount: "mesh-app",
      container: { name: "mesh-container", image, port: 8080 },
      host: { command: ["node", "examples/echo.js"] },
    },
  });
  new MeshService(
    "mesh-service",
    {
      labels: { app: "mesh-app" },
      ports: [{ name: "http", port: 80, targetPort: 8080 }],
      versions: [version("v1", "mesh-deployment", 3), version("v2", "mesh-deployment-v2", 1)],
    },
    { parent: mesh },
  );

  const to = (name: string, weight: number) => ({ service: "mesh-service", version: name, port: 80, weight });
  const rule = {
    timeout: "5s",
    retries: { attempts: 2, perTryTimeout: "1s", on: ["5xx" as const, "connect-failure" as const] },
  };
  new MeshRoute(
    "mesh-virtualservice",
    {
      service: "mesh-service",
      http: [
        {
          ...rule,
          matches: [{ path: { prefix: "/v1" } }],
          backends: [to("v1", 100 - canary), to("v2", canary)],
        },
        { ...rule, matches: [{ path: { prefix: "/v2" } }], backends: [to("v2", 100)] },
      ],
    },
    { parent: mesh },
  );
  new MtlsPolicy("mesh-peerauthentication", { selector: { app: "mesh-app" }, mode: "STRICT" }, { parent: mesh });
  return mesh;
}
