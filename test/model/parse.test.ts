import { readFileSync } from "node:fs";
import { fromObject, loadMesh } from "../../src/model";

const HEAD = "apiVersion: meshup/v1\nkind: Mesh\nmetadata: { name: m, namespace: n }\n";
const shown = (text: string) =>
  loadMesh(text, { file: "mesh.yaml" }).findings.map((f) => `${f.file}:${f.line}:${f.column} ${f.path}: ${f.message}`);

describe("positions", () => {
  it("points at the value that is wrong, at the key that is unknown, and around what is missing", () => {
    const text = `${HEAD}spec:
  trustDomian: x
  services:
    - name: a
      ports:
        - { port: 80, protocol: htp }
  routes:
    - service: a
      http:
        - backends: [{ service: a, weight: "1" }]
`;
    expect(shown(text)).toEqual([
      "mesh.yaml:5:3 trustDomian: unknown key trustDomian",
      'mesh.yaml:9:33 services[0].ports[0].protocol: "htp" is not one of http, http2, grpc, tcp, tls',
      "mesh.yaml:11:7 routes[0].name: name is missing",
      'mesh.yaml:13:44 routes[0].http[0].backends[0].weight: expected a number, got "1"',
    ]);
  });

  it("reports what does not hang together besides what has the wrong shape", () => {
    const text = `${HEAD}spec:
  services: [{ name: a, ports: [{ port: 80 }], versions: [{ name: v1 }] }]
  routes: [{ name: r, service: a, http: [{ timeout: 5, backends: [{ service: a, version: v2 }] }] }]
`;
    expect(shown(text)).toEqual([
      "mesh.yaml:6:53 routes[0].http[0].timeout: 5: expected a duration with its unit: 500ms, 1s, 1.5s or 1h30m",
      "mesh.yaml:6:90 routes[0].http[0].backends[0].version: a has no version v2",
    ]);
  });

  it("does not report what only follows from a mistake", () => {
    const text = `${HEAD}spec:
  servces: [{ name: a, ports: [{ port: 80 }] }]
  routes: [{ name: r, service: a, http: [{ backends: [{ service: a }] }] }]
`;
    expect(shown(text)).toEqual(["mesh.yaml:5:3 servces: unknown key servces"]);
  });

  it("locates what later steps find", () => {
    const { locate } = loadMesh(`${HEAD}spec:\n  services: [{ name: a, ports: [{ port: 80 }] }]\n`, { file: "f" });
    const found = {
      code: "MESH1001",
      level: "warning",
      path: "services[0].ports[0].port",
      message: "",
      remedy: "",
    } as const;
    expect(locate(found)).toMatchObject({ file: "f", line: 5, column: 41 });
  });
});

describe("separate documents", () => {
  const piece = (kind: string, name: string, spec: string) =>
    `---\napiVersion: meshup/v1\nkind: ${kind}\nmetadata: { name: ${name}, namespace: shop }\nspec: ${spec}\n`;
  const text = [
    HEAD,
    piece("MeshService", "a", "{ ports: [{ port: 80 }] }"),
    piece("MeshRoute", "r", "{ service: a, http: [{ backends: [{ service: a }] }] }"),
    piece("MtlsPolicy", "p", "{ target: { service: a }, mode: STRICT }"),
  ].join("");

  it("make the model that one document makes", () => {
    const whole = fromObject({
      apiVersion: "meshup/v1",
      kind: "Mesh",
      metadata: { name: "m", namespace: "n" },
      spec: {
        services: [{ name: "a", namespace: "shop", ports: [{ port: 80 }] }],
        routes: [{ name: "r", namespace: "shop", service: "a", http: [{ backends: [{ service: "a" }] }] }],
        policies: { mtls: [{ name: "p", namespace: "shop", target: { service: "a" }, mode: "STRICT" }] },
      },
    });
    const pieces = loadMesh(text);
    expect(pieces.findings).toEqual([]);
    expect({ ...pieces.model, source: 0 }).toEqual({ ...whole.model, source: 0 });
  });

  it("keep their own positions", () => {
    const wrong = text.replace("mode: STRICT", "mode: STRIC").replace("name: a,", "name: A,");
    expect(shown(wrong)).toEqual([
      expect.stringMatching(/^mesh\.yaml:7:19 services\[0\]\.name: "A"/),
      expect.stringMatching(/^mesh\.yaml:18:39 policies\.mtls\[0\]\.mode: "STRIC" is not one of/),
    ]);
  });
});

describe("values from programs", () => {
  it("are refused where structure depends on them", () => {
    const name = Promise.resolve("a");
    const { findings } = fromObject({
      apiVersion: "meshup/v1",
      kind: "Mesh",
      metadata: { name: "m" },
      spec: { services: [{ name, ports: [{ port: 80 }] }] },
    });
    expect(findings).toMatchObject([{ code: "MESH0014", path: "services[0].name" }]);
  });
});

describe("the example", () => {
  it("resolves with the defaults written out", () => {
    const { model, findings } = loadMesh(readFileSync("examples/mesh-up/mesh.yaml", "utf8"));
    expect(findings).toEqual([]);
    expect(model?.services[0]?.traffic.connectionPool).toEqual({
      maxConnections: 100,
      maxPendingRequests: 64,
      maxRequests: 256,
      connectTimeoutMs: 1000,
      idleTimeoutMs: 3_600_000,
    });
    expect(model?.routes[0]?.rules[0]).toMatchObject({
      path: "routes[0].http[0]",
      timeoutMs: 5000,
      idleTimeoutMs: 0,
      retries: {
        attempts: 2,
        perTryTimeoutMs: 1000,
        on: ["5xx", "connect-failure"],
        backoff: { baseMs: 25, maxMs: 250 },
      },
      backends: [
        { namespace: "mesh-namespace", version: "v1", weight: 100 },
        { version: "v2", weight: 0 },
      ],
    });
    expect(model?.policies.mtls[0]).toMatchObject({ mode: "STRICT", target: { selector: { app: "mesh-app" } } });
  });
});
