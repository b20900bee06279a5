import { createRequire } from "node:module";
import { join } from "node:path";
import type * as meshup from "../../components";

/**
 * The mesh with our components, as a user would write it: a loop over the services. Each has two versions, a route that
 * splits its requests, a policy that admits its callers, and three calls.
 */
const load = createRequire(join(process.cwd(), "package.json"));
const { AuthorizationPolicy, Mesh, MeshRoute, MeshService } = load("meshup") as typeof meshup;
const services = Number(process.env.BENCH_SERVICES);

const mesh = new Mesh("bench", {
  backend: "istio",
  namespace: "bench",
  mtls: { mode: "STRICT" },
});
const name = (index: number): string => `s${index}`;
for (let i = 0; i < services; i++) {
  const version = (of: string, replicas: number) => ({
    name: of,
    workload: {
      replicas,
      serviceAccount: name(i),
      container: { image: `registry.example/${name(i)}:${of}`, port: 8080 },
    },
  });
  const calls = [i + 1, i + 7, i + 31]
    .filter((callee) => callee < services)
    .map((callee) => ({ service: name(callee) }));
  const callers = [i - 1, i - 7, i - 31].filter((caller) => caller >= 0).map(name);
  new MeshService(
    name(i),
    {
      calls,
      ports: [{ name: "http", port: 80, targetPort: 8080 }],
      versions: [version("v1", 2), version("v2", 1)],
      traffic: { outlierDetection: { consecutive5xx: 5 } },
    },
    { parent: mesh },
  );
  const to = (of: string, weight: number) => ({ service: name(i), version: of, weight });
  new MeshRoute(
    name(i),
    { service: name(i), http: [{ timeout: "5s", backends: [to("v1", 90), to("v2", 10)] }] },
    { parent: mesh },
  );
  const rules = [{ from: [callers.length > 0 ? { services: callers } : { namespaces: ["edge"] }] }];
  new AuthorizationPolicy(name(i), { target: { service: name(i) }, action: "ALLOW", rules }, { parent: mesh });
}
