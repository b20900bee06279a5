import { readFileSync } from "node:fs";
import { join } from "node:path";
import { backendNames, checkCapabilities, table } from "../../src/capabilities";
import { loadMesh, parsePath, type Model } from "../../src/model";
import { load } from "../checks/support/mesh";

const text = readFileSync(join(__dirname, "../../examples/shop/mesh.yaml"), "utf8");
const shop = loadMesh(text).model as Model;

/** What the shop does without, each in the smallest mesh that has it. */
const elsewhere: Readonly<Record<string, string>> = {
  "route.match.headers.many": `
services: [{ name: a, ports: [{ port: 80 }] }]
routes:
  - name: a
    service: a
    http:
      - matches: [{ headers: [{ name: a, exact: x }, { name: b, exact: x }, { name: c, exact: x }, { name: d, exact: x }, { name: e, exact: x }, { name: f, exact: x }] }]
        backends: [{ service: a }]
`,
  "route.match.headers.regex": `
services: [{ name: a, ports: [{ port: 80 }] }]
routes: [{ name: a, service: a, http: [{ matches: [{ headers: [{ name: a, regex: "[0-9]+" }] }], backends: [{ service: a }] }] }]
`,
  "route.filter.mirror.many": `
services: [{ name: a, ports: [{ port: 80 }] }, { name: b, ports: [{ port: 80 }] }, { name: c, ports: [{ port: 80 }] }]
routes: [{ name: a, service: a, http: [{ backends: [{ service: a }], filters: { mirrors: [{ service: b }, { service: c }] } }] }]
`,
  "route.weights.many": `
services: [{ name: a, ports: [{ port: 80 }], versions: [${Array.from({ length: 11 }, (_, i) => `{ name: v${i} }`).join(", ")}] }]
routes: [{ name: a, service: a, http: [{ backends: [${Array.from({ length: 11 }, (_, i) => `{ service: a, version: v${i} }`).join(", ")}] }] }]
`,
  "route.backend.external": `
services: [{ name: a, ports: [{ port: 80 }] }]
externalServices: [{ name: b, hosts: [b.example], ports: [{ port: 80 }] }]
routes: [{ name: a, service: a, http: [{ backends: [{ service: b }] }] }]
`,
  "route.timeout.none": `
services: [{ name: a, ports: [{ port: 80 }] }]
routes: [{ name: a, service: a, http: [{ backends: [{ service: a }] }] }]
`,
  "route.retries.on.internal": `
services: [{ name: a, ports: [{ port: 80, protocol: grpc }] }]
routes: [{ name: a, service: a, grpc: [{ backends: [{ service: a }], retries: { attempts: 1, on: [internal] } }] }]
`,
  "loadBalancing.leastRequest": `
services: [{ name: a, ports: [{ port: 80 }], traffic: { loadBalancing: { policy: LEAST_REQUEST } } }]
`,
  "mtls.permissive": "mtls: { mode: PERMISSIVE }",
  "healthCheck.port": `
services: [{ name: a, ports: [{ port: 80 }], traffic: { healthCheck: { protocol: http, path: /ready, port: 81 } } }]
`,
  "gateway.tls.several": `
gateways:
  - name: public
    listeners:
      - { name: a, port: 443, protocol: https, hostname: a.example, tls: { certificateRef: a } }
      - { name: b, port: 443, protocol: https, hostname: b.example, tls: { certificateRef: b } }
`,
  "telemetry.metrics": "telemetry: { metrics: { enabled: false } }",
  "workload.host": `
services: [{ name: a, ports: [{ port: 80 }], versions: [{ name: v1, workload: { host: { command: [node, a.js] } } }] }]
`,
};
const meshWith = (id: string): Model => (elsewhere[id] === undefined ? shop : load(elsewhere[id]).model);

/** What a mesh of one plain service uses, because its defaults are behaviour that some backend cannot give. */
const always = ["mtls.permissive"];

describe.each(table.map((feature) => [feature.id, feature] as const))("%s", (_id, feature) => {
  const model = meshWith(feature.id);
  const paths = [...feature.uses(model)];

  it("is seen where it is used, at places that exist", () => {
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths) expect(Object.keys(model)).toContain(parsePath(path)[0]);
  });
  it("is not seen in a mesh of one plain service", () => {
    const plain = load("services: [{ name: a, ports: [{ port: 80 }] }]").model;
    expect([...feature.uses(plain)].length > 0).toBe(always.includes(feature.id));
  });
  it.each(backendNames)("is reported at each place where %s cannot do it", (backend) => {
    const support = feature.on[backend];
    const bare = { ...model, backends: {} };
    const found = checkCapabilities(bare, backend).filter((f) => f.message.includes(`(${feature.id})`));
    if (support.status === "unsupported") {
      expect(found.map((f) => f.path).sort()).toEqual([...paths].sort());
      for (const f of found) expect(f.level).toBe(feature.kind === "tuning" ? "warning" : "error");
    } else if (support.needs === "install") for (const f of found) expect(f.code).toBe("MESH2009");
    else if (support.needs === "envoy") {
      expect(found.map((f) => f.path).sort()).toEqual([...paths].sort());
      for (const f of found) {
        expect(f).toMatchObject({ code: "MESH2010", level: feature.kind === "tuning" ? "warning" : "error" });
        expect(f.remedy).toContain("spec.backends.proxy.engine: envoy");
      }
    } else for (const f of found) expect(f).toMatchObject({ level: "info", code: "MESH2004" });
    if (support.status === "native" && !support.needs) expect(found).toEqual([]);
  });
});
