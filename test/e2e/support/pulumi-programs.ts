import { Mesh, MeshRoute, MeshService, MtlsPolicy } from "../../../components";

const version = (name: string) => ({
  name,
  workload: {
    serviceAccount: "mesh-app",
    container: { image: "mesh-image", port: 8080 },
    host: { command: ["node", "examples/echo.js"] },
  },
});
export const service = { ports: [{ port: 80, targetPort: 8080 }], versions: [version("v1"), version("v2")] };
export const route = (canary: number) => ({
  service: "echo",
  http: [
    {
      backends: [
        { service: "echo", version: "v1", weight: 100 - canary },
        { service: "echo", version: "v2", weight: canary },
      ],
    },
  ],
});

type Target = "proxy" | "istio";
/** The mesh as pieces. */
export const pieces = (backend: Target, canary: number) => () => {
  const mesh = new Mesh("engine", { backend, namespace: "shop" });
  new MeshService("echo", service, { parent: mesh });
  new MeshRoute("echo", route(canary), { parent: mesh });
  new MtlsPolicy("strict", { mode: "STRICT" }, { parent: mesh });
  return Promise.resolve({ services: mesh.services });
};
/** The same mesh from one specification. */
export const whole = (backend: Target, canary: number) => () => {
  const mesh = new Mesh("engine", {
    backend,
    namespace: "shop",
    services: [{ name: "echo", ...service }],
    routes: [{ name: "echo", ...route(canary) }],
    policies: { mtls: [{ name: "strict", mode: "STRICT" }] },
  });
  return Promise.resolve({ services: mesh.services });
};
