import { AuthorizationPolicy, Mesh, MeshRoute, MeshService } from "../../components";
import type { ShopConfig } from "./config";
import { accepted } from "./losses";
import { callersOf, calls } from "./services";

/** A shop of twelve services, closed but for its call graph; the same on every backend. */
export function shop({ backend, registry, release, replicas, canary }: ShopConfig): Mesh {
  const mesh = new Mesh("shop", {
    backend: backend.name,
    namespace: "shop",
    mtls: { mode: "STRICT" },
    egress: { mode: "REGISTRY_ONLY" },
    backends: { [backend.name]: { accept: accepted[backend.name] ?? [], settings: backend.settings } },
  });

  const version = (service: string, name: string) => ({
    name,
    workload: {
      name: `${service}-${name}`,
      replicas,
      serviceAccount: service,
      container: { image: `${registry}/${service}:${release}-${name}`, port: 8080 },
      host: { command: ["node", "../../examples/echo.js"] },
    },
  });
  for (const [name, callees] of Object.entries(calls)) {
    const versions = name === "catalogue" ? ["v1", "v2"] : ["v1"];
    new MeshService(
      name,
      {
        calls: callees.map((service) => ({ service })),
        ports: [{ name: "http", port: 80, targetPort: 8080 }],
        versions: versions.map((each) => version(name, each)),
      },
      { parent: mesh },
    );
    const callers = callersOf(name);
    // Nobody inside calls the frontend: it is the shop's face, open to everyone.
    const rules = [callers.length > 0 ? { from: [{ services: callers }] } : {}];
    new AuthorizationPolicy(name, { target: { service: name }, action: "ALLOW", rules }, { parent: mesh });
  }

  const to = (name: string, weight: number) => ({ service: "catalogue", version: name, weight });
  new MeshRoute(
    "catalogue",
    { service: "catalogue", http: [{ timeout: "2s", backends: [to("v1", 100 - canary), to("v2", canary)] }] },
    { parent: mesh },
  );
  new MeshRoute(
    "checkout",
    { service: "checkout", http: [{ timeout: "8s", backends: [{ service: "checkout" }] }] },
    { parent: mesh },
  );
  return mesh;
}
