import { CODES, loadMesh } from "../../src/model";

const HEAD = "apiVersion: meshup/v1\nkind: Mesh\nmetadata: { name: m, namespace: n }\n";
const A = "{ name: a, ports: [{ port: 80, targetPort: 8080 }], versions: [{ name: v1 }] }";
const spec = (text: string) => `${HEAD}spec:\n${text.replace(/^/gm, "  ")}\n`;
const route = (rule: string, more = "") =>
  spec(`services: [${A}]\nroutes: [{ name: r, service: a, http: [${rule}] }]${more}`);
const policy = (kind: string, text: string) => spec(`services: [${A}]\npolicies: { ${kind}: [${text}] }`);

/** The smallest text with each mistake: its code and where it is shown. */
const CASES: readonly (readonly [code: keyof typeof CODES, path: string, text: string])[] = [
  ["MESH0001", "", "# nothing\n"],
  ["MESH0002", "", "x".repeat(32_000_001)],
  ["MESH0002", "", bomb()],
  ["MESH0003", "", "a: [1,\nb"],
  ["MESH0003", "", "[".repeat(10_000)],
  ["MESH0004", "", `${HEAD}spec: {}\nspec: {}\n`],
  ["MESH0005", "apiVersion", "apiVersion: meshup/v9\nkind: Mesh\n"],
  ["MESH0005", "apiVersion", "apiVersion: networking.istio.io/v1\nkind: VirtualService\n"],
  ["MESH0006", "kind", "apiVersion: meshup/v1\nkind: Mehs\n"],
  ["MESH0007", "kind", "apiVersion: meshup/v1\nkind: MeshService\nmetadata: { name: a }\n"],
  ["MESH0007", "kind", `${HEAD}---\n${HEAD}`],
  ["MESH0010", "trustDomian", spec("trustDomian: x")],
  ["MESH0011", "services[0].ports", spec("services: [{ name: a }]")],
  [
    "MESH0012",
    "services[0].ports[0].targetPort",
    spec('services: [{ name: a, ports: [{ port: 80, targetPort: "x" }] }]'),
  ],
  ["MESH0013", "mtls.mode", spec("mtls: { mode: STRIKT }")],
  ["MESH0015", "services[0].ports[0].port", spec("services: [{ name: a, ports: [{ port: 70000 }] }]")],
  ["MESH0016", "backends.itsio", spec("backends: { itsio: {} }")],
  ["MESH0017", "clusters", spec("clusters: {}")],
  ["MESH0020", "services[1].name", spec(`services: [${A}, ${A}]`)],
  ["MESH0021", "routes[0].http[0].backends[0].service", route("{ backends: [{ service: b }] }")],
  ["MESH0022", "routes[0].http[0].backends[0].version", route("{ backends: [{ service: a, version: v9 }] }")],
  ["MESH0023", "routes[0].http[0].backends[0].port", route("{ backends: [{ service: a, port: 8080 }] }")],
  [
    "MESH0024",
    "routes[0].http[0].backends[0]",
    spec(
      "services: [{ name: a, ports: [{ port: 80 }, { port: 81 }] }]\nroutes: [{ name: r, service: a, http: [{ backends: [{ service: a }] }] }]",
    ),
  ],
  [
    "MESH0025",
    "routes[0].gateway",
    spec(`services: [${A}]\nroutes: [{ name: r, gateway: g, http: [{ backends: [{ service: a }] }] }]`),
  ],
  [
    "MESH0026",
    "services[2].calls[0]",
    spec(
      "services: [{ name: a, namespace: x, ports: [{ port: 80 }] }, { name: a, namespace: y, ports: [{ port: 80 }] }, { name: b, calls: [a], ports: [{ port: 80 }] }]",
    ),
  ],
  ["MESH0027", "policies.mtls[0].selector", policy("mtls", "{ name: p, selector: { app: b } }")],
  [
    "MESH0028",
    'policies.mtls[0].ports["80"]',
    policy("mtls", "{ name: p, target: { service: a }, ports: { 80: STRICT } }"),
  ],
  [
    "MESH0029",
    "routes[0].service",
    spec(
      "externalServices: [{ name: e, hosts: [e.example], ports: [{ port: 80 }] }]\nroutes: [{ name: r, service: e, http: [{ backends: [{ service: e }] }] }]",
    ),
  ],
  ["MESH0030", "routes[0].http[0].backends", route("{ backends: [{ service: a, weight: 0 }] }")],
  [
    "MESH0031",
    "routes[1]",
    spec(
      `services: [${A}]\nroutes:\n  - { name: r, service: a, http: [{ backends: [{ service: a }] }] }\n  - { name: q, service: a, http: [{ backends: [{ service: a }] }] }`,
    ),
  ],
  ["MESH0032", "routes[0]", spec(`services: [${A}]\nroutes: [{ name: r, service: a }]`)],
  ["MESH0033", "routes[0]", spec(`services: [${A}]\nroutes: [{ name: r, http: [{ backends: [{ service: a }] }] }]`)],
  ["MESH0034", "routes[0].http[0]", route("{}")],
  [
    "MESH0035",
    "routes[0].http[0].matches[0].path.regex",
    route('{ matches: [{ path: { regex: "/(?=a)" } }], backends: [{ service: a }] }'),
  ],
  [
    "MESH0036",
    "routes[0].http[0].matches[0].path",
    route("{ matches: [{ path: { exact: /a, prefix: /b } }], backends: [{ service: a }] }"),
  ],
  [
    "MESH0037",
    "routes[0].http[0]",
    route("{ backends: [{ service: a }], filters: { directResponse: { status: 404 } } }"),
  ],
  [
    "MESH0038",
    "routes[0]",
    spec(
      "services: [{ name: a, ports: [{ port: 80, protocol: tcp }] }]\nroutes: [{ name: r, service: a, http: [{ backends: [{ service: a }] }] }]",
    ),
  ],
  [
    "MESH0040",
    "services[0].versions[1].labels",
    spec(
      "services: [{ name: a, ports: [{ port: 80 }], versions: [{ name: v1 }, { name: v2, labels: { version: v1 } }] }]",
    ),
  ],
  [
    "MESH0041",
    "services[0].traffic.healthCheck.path",
    spec("services: [{ name: a, ports: [{ port: 80 }], traffic: { healthCheck: { protocol: tcp, path: /x } } }]"),
  ],
  [
    "MESH0042",
    "services[0].traffic.loadBalancing",
    spec("services: [{ name: a, ports: [{ port: 80 }], traffic: { loadBalancing: { policy: MAGLEV } } }]"),
  ],
  [
    "MESH0043",
    "services[0].traffic.loadBalancing.locality.distribute[0].to",
    spec(
      "services: [{ name: a, ports: [{ port: 80 }], traffic: { loadBalancing: { locality: { distribute: [{ from: r/a, to: { r/a: 50, r/b: 40 } }] } } } }]",
    ),
  ],
  [
    "MESH0050",
    "policies.mtls[1]",
    policy("mtls", "{ name: p, target: { service: a } }, { name: q, target: { service: a } }"),
  ],
  ["MESH0051", "policies.mtls[0].target", policy("mtls", "{ name: p, namespace: x, target: { service: a } }")],
  ["MESH0052", "policies.jwt[0]", policy("jwt", "{ name: p, issuer: i }")],
];

describe("what the loader finds", () => {
  it.each(CASES)("%s at %j", (code, path, text) => {
    const { model, findings } = loadMesh(text, { file: "mesh.yaml" });
    expect(model).toBeUndefined();
    expect(findings.map((finding) => [finding.code, finding.path])).toEqual([[code, path]]);
    expect(findings[0]).toMatchObject({ file: "mesh.yaml", level: "error", line: expect.any(Number) });
    expect(findings[0]?.remedy).toMatch(/\S/);
  });

  it("has a case for every code but the one that only objects can have", () => {
    const tried = new Set(CASES.map(([code]) => code));
    expect(Object.keys(CODES).filter((code) => !tried.has(code as keyof typeof CODES))).toEqual(["MESH0014"]);
  });

  it.each([
    ["a rule with a weight", route("{ backends: [{ service: a, weight: 1 }] }")],
    [
      "a policy for a port that the workload listens on",
      policy("mtls", "{ name: p, target: { service: a }, ports: { 8080: STRICT } }"),
    ],
    [
      "two routes for two ports of one service",
      spec(
        "services: [{ name: a, ports: [{ port: 80 }, { port: 81 }] }]\nroutes: [{ name: r, parents: [{ service: a, port: 80 }], http: [{ backends: [{ service: a, port: 80 }] }] }, { name: s, parents: [{ service: a, port: 81 }], http: [{ backends: [{ service: a, port: 81 }] }] }]",
      ),
    ],
    ["a mesh without anything", HEAD],
  ])("finds nothing wrong with %s", (_, text) => {
    const { model, findings } = loadMesh(text);
    expect(findings).toEqual([]);
    expect(model?.name).toBe("m");
  });
});

function bomb(): string {
  const lines = ["a: &a [x, x, x, x, x, x, x, x, x]"];
  for (const [i, name] of [..."bcdefghij"].entries())
    lines.push(`${name}: &${name} [${Array(9).fill(`*${"abcdefghij"[i]}`).join(", ")}]`);
  return lines.join("\n");
}
