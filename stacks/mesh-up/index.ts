import { Mesh, MeshRoute, MeshService, MtlsPolicy } from "../../components";
import { config } from "./config";

const mesh = new Mesh("mesh-up", { backend: config.backend, namespace: "mesh-namespace" });

const version = (name: string, workload: string, replicas: number) => ({
  name,
  workload: {
    name: workload,
    replicas,
    serviceAccount: "mesh-app",
    container: { name: "mesh-container", image: config.image, port: 8080 },
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
        backends: [to("v1", 100 - config.canary), to("v2", config.canary)],
      },
      { ...rule, matches: [{ path: { prefix: "/v2" } }], backends: [to("v2", 100)] },
    ],
  },
  { parent: mesh },
);
new MtlsPolicy("mesh-peerauthentication", { selector: { app: "mesh-app" }, mode: "STRICT" }, { parent: mesh });

/** Where to call the mesh, by service. */
export const services = mesh.services;
