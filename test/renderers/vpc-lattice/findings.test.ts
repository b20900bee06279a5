import { render } from "../../../src/renderers/vpc-lattice";
import { modelOf } from "../support/golden";

const VPC = "vpc-0123456789abcdef0";
const mesh = (spec: string, settings = `vpcId: ${VPC}`): string => `apiVersion: meshup/v1
kind: Mesh
metadata: { name: m, namespace: shop }
spec:
  mtls: { mode: DISABLE }
  backends: { vpc-lattice: { ${settings} } }
${spec.trim().replace(/^/gm, "  ")}
`;
const found = (spec: string, settings?: string): string[] =>
  render(modelOf(mesh(spec, settings))).findings.map(({ code, level, path }) => `${code} ${level} ${path}`);
const route = (match: string): string => `
services: [{ name: a, ports: [{ port: 80 }] }]
routes: [{ name: a, service: a, http: [{ matches: [${match}], backends: [{ service: a }] }] }]
`;

describe("what only the Lattice rendering can know", () => {
  it.each([
    ["a path over 200 characters", `{ path: { exact: /${"a".repeat(200)} } }`],
    ["a path of other characters", '{ path: { exact: "/a(b)" } }'],
    ["a prefix that is too long with its slash", `{ path: { prefix: /${"a".repeat(199)} } }`],
    ["an empty header value", '{ headers: [{ name: a, exact: "" }] }'],
    ["a header value over 200 characters", `{ headers: [{ name: a, exact: ${"a".repeat(201)} }] }`],
    ["a method over 16 characters", `{ method: ${"A".repeat(17)} }`],
  ])("refuses %s", (_what, match) => {
    expect(found(route(match))).toContain("MESH2311 error routes[0].http[0].matches[0]");
  });
  it("takes what is just within", () => {
    expect(found(route(`{ path: { exact: /${"a".repeat(199)} }, method: ${"A".repeat(16)} }`))).toEqual([]);
  });

  it("needs the VPC of the targets", () => {
    const spec = "services: [{ name: a, ports: [{ port: 80 }] }]";
    expect(found(spec, "accept: []")).toContain("MESH2313 error backends.vpc-lattice.vpcId");
    expect(found(spec)).toEqual([]);
  });

  it("says where access logs go nowhere, and where a name has no certificate", () => {
    const logs = "telemetry: { accessLogs: { format: json } }";
    expect(found(logs)).toContain("MESH2315 warning backends.vpc-lattice.accessLogDestinationArn");
    expect(found(logs, `vpcId: ${VPC}, accessLogDestinationArn: "arn:aws:s3:::logs"`)).toEqual([]);
    const named = `
services: [{ name: a, ports: [{ port: 80 }] }]
routes: [{ name: a, service: a, hostnames: [a.example], http: [{ backends: [{ service: a }] }] }]
`;
    expect(found(named)).toContain("MESH2352 warning backends.vpc-lattice.certificateArn");
  });

  it("takes one domain name, and needs one for TLS that is passed through", () => {
    const named = (names: string): string => `
services: [{ name: a, ports: [{ port: 80 }] }]
routes: [{ name: a, service: a, hostnames: [${names}], http: [{ backends: [{ service: a }] }] }]
`;
    expect(found(named("a.example, b.example"))).toContain("MESH2318 error services[0]");
    expect(found(named("a.example")).join()).not.toContain("MESH2318");
    expect(found("services: [{ name: a, ports: [{ port: 443, protocol: tls }] }]")).toContain(
      "MESH2319 error services[0]",
    );
  });

  it("counts the versions of a backend among a rule's ten target groups", () => {
    const versions = Array.from({ length: 11 }, (_, i) => `{ name: v${i}, labels: { version: v${i} } }`).join(", ");
    const spec = `
services: [{ name: a, ports: [{ port: 80 }], versions: [${versions}] }]
routes: [{ name: a, service: a, http: [{ backends: [{ service: a }] }] }]
`;
    expect(found(spec)).toContain("MESH2316 error routes[0].http[0]");
  });

  it("refuses two target groups of one name", () => {
    const spec = `
namespaces: [{ name: a }, { name: a-b }]
services: [{ name: b-c, namespace: a, ports: [{ port: 80 }] }, { name: c, namespace: a-b, ports: [{ port: 80 }] }]
`;
    expect(found(spec)).toContain("MESH2317 error ");
  });

  it("says where a health check or an idle timeout is outside its range", () => {
    const spec = `
services: [{ name: a, ports: [{ port: 80 }], traffic: { connectionPool: { idleTimeout: 1h }, healthCheck: { protocol: http, path: /, interval: 1s, timeout: 500ms } } }]
`;
    expect(found(spec).filter((each) => each.startsWith("MESH2350"))).toHaveLength(2);
    expect(found(spec)).toContain("MESH2351 warning services[0]");
  });

  it("ends at two thousand rules of one listener", () => {
    const rules = (count: number): string =>
      Array.from(
        { length: count },
        (_, i) => `{ matches: [{ path: { exact: /${i} } }], backends: [{ service: a }] }`,
      ).join(", ");
    const spec = (count: number): string => `
services: [{ name: a, ports: [{ port: 80 }] }]
routes: [{ name: a, service: a, http: [${rules(count)}] }]
`;
    expect(found(spec(2001))).toContain("MESH2312 error routes[0]");
    expect(found(spec(2000))).toEqual([]);
  });

  it("names what Lattice's own ids begin with otherwise, and never too long", () => {
    const long = "a".repeat(60);
    const { plan } = render(
      modelOf(mesh(`services: [{ name: ${long}, ports: [{ port: 80 }] }]`).replace("name: m,", "name: svc-x,")),
    );
    const prefix = plan.resources.find(({ provider }) => provider === "random")?.properties.prefix;
    expect(prefix).toMatch(/^mesh-svc-x-shop-a+-$/);
    expect(String(prefix).length).toBeLessThanOrEqual(34);
  });
});
