import { render } from "../../../src/renderers/appmesh";
import { modelOf } from "../support/golden";

const mesh = (spec: string): string => `apiVersion: meshup/v1
kind: Mesh
metadata: { name: m, namespace: shop }
spec:
${spec.trim().replace(/^/gm, "  ")}
`;
const found = (spec: string): string[] =>
  render(modelOf(mesh(spec))).findings.map(({ code, level, path }) => `${code} ${level} ${path}`);
const route = (match: string): string => `
services: [{ name: a, ports: [{ port: 80 }] }]
routes: [{ name: a, service: a, http: [{ matches: [${match}], backends: [{ service: a }] }] }]
`;
const versions = (count: number): string =>
  Array.from({ length: count }, (_, i) => `{ name: v${i}, labels: { version: v${i} } }`).join(", ");
const headers = (count: number): string =>
  Array.from({ length: count }, (_, i) => `{ name: x-${i}, exact: a }`).join(", ");

describe("what only the App Mesh rendering can know", () => {
  it("says of every mesh that App Mesh has ended, and the way out", () => {
    const [first] = render(modelOf(mesh("mtls: { mode: DISABLE }"))).findings;
    expect(first).toMatchObject({ code: "MESH2301", level: "warning" });
    expect(first?.remedy).toContain("meshup capabilities FILE --from appmesh --to vpc-lattice");
  });

  it.each([
    ["a method that the API does not know", "{ method: PURGE }"],
    ["a path over 254 characters", `{ path: { exact: /${"a".repeat(254)} } }`],
    ["a header value over 255 characters", `{ headers: [{ name: a, exact: ${"a".repeat(256)} }] }`],
    ["a header name over 50 characters", `{ headers: [{ name: ${"a".repeat(51)}, exact: a }] }`],
    ["more than ten headers", `{ headers: [${headers(11)}] }`],
    ["more than ten query parameters", `{ query: [${headers(11)}] }`],
  ])("refuses %s", (_what, match) => {
    expect(found(route(match))).toContain("MESH2304 error routes[0].http[0].matches[0]");
  });
  it("takes what is just within", () => {
    const within = `{ method: PATCH, path: { exact: /${"a".repeat(253)} }, headers: [${headers(10)}], query: [${headers(10)}] }`;
    expect(found(route(within)).filter((each) => each.includes(" error "))).toEqual([]);
  });
  it("refuses a gRPC method without its service", () => {
    const spec = `
services: [{ name: a, ports: [{ port: 80, protocol: grpc }] }]
routes: [{ name: a, service: a, grpc: [{ matches: [{ method: Get }], backends: [{ service: a }] }] }]
`;
    expect(found(spec)).toContain("MESH2304 error routes[0].grpc[0].matches[0]");
  });

  it("counts the versions of a backend among a rule's ten targets", () => {
    const spec = (count: number): string => `
services: [{ name: a, ports: [{ port: 80 }], versions: [${versions(count)}] }]
routes: [{ name: a, service: a, http: [{ backends: [{ service: a }] }] }]
`;
    expect(found(spec(11))).toContain("MESH2306 error routes[0].http[0]");
    expect(found(spec(10)).join()).not.toContain("MESH2306");
  });

  it("refuses one name for what is inside and encrypted and what is outside", () => {
    const spec = (mode: string): string => `
mtls: { mode: ${mode} }
services: [{ name: a, ports: [{ port: 80 }] }]
externalServices: [{ name: b, hosts: [b.example], ports: [{ port: 80 }] }]
routes: [{ name: a, service: a, http: [{ backends: [{ service: a }, { service: b }] }] }]
`;
    expect(found(spec("STRICT"))).toContain("MESH2305 error services[0]");
    expect(found(spec("DISABLE")).join()).not.toContain("MESH2305");
  });

  it("refuses gRPC at a gateway that no gRPC service tells apart", () => {
    const spec = (first: string, second: string): string => `
services: [{ name: a, ports: [{ port: 80, protocol: grpc }] }]
gateways: [{ name: g, listeners: [{ name: grpc, port: 80, protocol: grpc }] }]
routes:
  - { name: a, gateway: g, hostnames: [a.example], grpc: [{ ${first} backends: [{ service: a }] }] }
  - { name: b, gateway: g, hostnames: [b.example], grpc: [{ ${second} backends: [{ service: a }] }] }
`;
    const one = "matches: [{ service: s.One }],";
    expect(found(spec(one, "matches: [{ service: s.Two }],")).join()).not.toContain("MESH2307");
    expect(found(spec(one, "")).filter((each) => each.startsWith("MESH2307"))).toEqual(["MESH2307 error routes[1]"]);
    expect(found(spec(one, one)).filter((each) => each.startsWith("MESH2307"))).toHaveLength(2);
  });

  it("says where a health check is outside its range", () => {
    const spec = `
services: [{ name: a, ports: [{ port: 80 }], traffic: { healthCheck: { protocol: http, path: /, interval: 1s, timeout: 500ms, healthyThreshold: 1, unhealthyThreshold: 11 } } }]
`;
    const numbers = found(spec).filter((each) => each.startsWith("MESH2308"));
    expect(numbers).toEqual(Array(4).fill("MESH2308 warning services[0].traffic.healthCheck"));
  });

  it("refuses wildcards inside the mesh, and one host name on two services", () => {
    const spec = (first: string, second: string): string => `
services: [{ name: a, ports: [{ port: 80 }] }, { name: b, ports: [{ port: 81 }] }]
routes:
  - { name: a, service: a, hostnames: ["${first}"], http: [{ backends: [{ service: a }] }] }
  - { name: b, service: b, hostnames: ["${second}"], http: [{ backends: [{ service: b }] }] }
`;
    expect(found(spec("*.shop.example", "b.example"))).toContain("MESH2340 error routes[0]");
    expect(found(spec("a.example", "a.example"))).toContain("MESH2309 error services[1]");
    expect(found(spec("a.example", "b.example")).join()).not.toMatch(/MESH2309|MESH2340/);
  });

  it("says that names do not resolve without a VPC", () => {
    const spec = "services: [{ name: a, ports: [{ port: 80 }] }]";
    expect(found(spec)).toContain("MESH2341 info backends.appmesh.vpcId");
    expect(found(`backends: { appmesh: { vpcId: vpc-1 } }\n${spec}`).join()).not.toContain("MESH2341");
  });

  it("refuses access logs over App Mesh's length", () => {
    const log = (format: string, template: string): string[] =>
      found(`telemetry: { accessLogs: { format: ${format}, template: '${template}' } }`);
    expect(log("text", "a".repeat(1001))).toContain("MESH2342 error telemetry.accessLogs.template");
    expect(log("json", `{"a":"${"b".repeat(101)}"}`)).toContain("MESH2342 error telemetry.accessLogs.template");
    expect(log("text", "a".repeat(1000)).join()).not.toContain("MESH2342");
  });

  it("ends at a thousand and one routes of one router", () => {
    const rules = (count: number): string =>
      Array.from(
        { length: count },
        (_, i) => `{ matches: [{ path: { exact: /${i} } }], backends: [{ service: a }] }`,
      ).join(", ");
    const spec = (count: number): string => `
services: [{ name: a, ports: [{ port: 80 }] }]
routes: [{ name: a, service: a, http: [${rules(count)}] }]
`;
    expect(found(spec(1002))).toContain("MESH2302 error routes[0]");
    expect(found(spec(1001)).join()).not.toContain("MESH2302");
  });

  it("gives every route of a router a priority of its own, in the order written", () => {
    const { plan } = render(
      modelOf(
        mesh(`
services: [{ name: a, ports: [{ port: 80 }, { name: b, port: 81 }, { name: c, port: 82 }] }]
routes:
  - { name: x, parents: [{ service: a, port: 80 }], http: [{ matches: [{ path: { prefix: /x } }], backends: [{ service: a, port: 80 }] }, { backends: [{ service: a, port: 80 }] }] }
  - { name: y, parents: [{ service: a, port: 81 }], http: [{ matches: [{ methods: [GET, PUT] }], backends: [{ service: a, port: 81 }] }] }
`),
      ),
    );
    const priorities = plan.resources
      .filter(({ type }) => type.endsWith(":Route"))
      .map(({ properties }) => (properties.spec as { priority: number }).priority);
    expect(priorities).toEqual([0, 1, 2, 3, 4, 5]);
  });
});
