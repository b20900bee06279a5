import { backendNames, checkCapabilities, table } from "../../src/capabilities";
import { olderThan } from "../../src/capabilities/version";
import { load } from "../checks/support/mesh";

const mirror = `
services: [{ name: a, ports: [{ port: 80 }] }, { name: b, ports: [{ port: 80 }] }]
routes: [{ name: a, service: a, http: [{ backends: [{ service: a }], filters: { mirror: { service: b } } }] }]
`;
const check = (spec: string, backend: (typeof backendNames)[number], options = {}) =>
  checkCapabilities(load(spec).model, backend, options);

describe("the table", () => {
  it("says where each cell is from, and why not where not", () => {
    for (const feature of table)
      for (const backend of backendNames) {
        const support = feature.on[backend];
        expect(support.source).toBeTruthy();
        if (support.status === "unsupported") expect(support.why).toBeTruthy();
        if (support.status === "emulated") expect(support.how).toBeTruthy();
      }
  });
  it("names each feature once", () => {
    expect(new Set(table.map((f) => f.id)).size).toBe(table.length);
  });
});

describe("accepting a loss", () => {
  const accept = (entry: string) => `backends: { appmesh: { accept: [${entry}] } }\n${mirror.trim()}`;
  it("of routing is an error without it, and names what to write", () => {
    const [found] = check(mirror, "appmesh").filter((f) => f.level === "error");
    expect(found).toMatchObject({ code: "MESH2002", path: "routes[0].http[0].filters.mirror" });
    expect(found?.remedy).toContain("spec.backends.appmesh.accept: [{ feature: route.filter.mirror, reason: … }]");
  });
  it("turns the error into info that shows the reason", () => {
    const found = check(accept("{ feature: route.filter.mirror, reason: copies are for tests }"), "appmesh");
    expect(found.filter((f) => f.level === "error")).toEqual([]);
    expect(found.find((f) => f.code === "MESH2005")).toMatchObject({
      level: "info",
      message: expect.stringContaining("copies are for tests"),
    });
  });
  it("does not reach another backend", () => {
    const found = check(accept("{ feature: route.filter.mirror, reason: copies are for tests }"), "linkerd");
    expect(found.some((f) => f.code === "MESH2002")).toBe(true);
  });
  it("of what is not lost is a warning", () => {
    const found = check(accept("{ feature: route.filter.cors, reason: none }"), "appmesh");
    expect(found.find((f) => f.code === "MESH2006")).toMatchObject({
      level: "warning",
      path: "backends.appmesh.accept[0]",
    });
    const unknown = check(accept("{ feature: no.such, reason: none }"), "appmesh");
    expect(unknown.find((f) => f.code === "MESH2006")?.message).toContain("No feature is called no.such");
  });
  it("without a reason does not count", () => {
    const found = check(accept('{ feature: route.filter.mirror, reason: " " }'), "appmesh");
    expect(found.map((f) => f.code)).toEqual(expect.arrayContaining(["MESH2002", "MESH2007"]));
  });
  it("of everything is for a look around, and is shown", () => {
    const found = check(mirror, "appmesh", { acceptAll: true });
    expect(found.filter((f) => f.level !== "info")).toEqual([]);
    expect(found.some((f) => f.message.includes("--accept-losses"))).toBe(true);
  });
});

describe("versions and installation", () => {
  it("reports a feature that the named version does not have yet", () => {
    const grpc = (version: string) => `
backends: { linkerd: { version: "${version}" } }
services: [{ name: a, ports: [{ port: 80, protocol: grpc }] }]
routes: [{ name: a, service: a, grpc: [{ backends: [{ service: a }] }] }]
`;
    expect(check(grpc("2.14"), "linkerd").find((f) => f.code === "MESH2008")).toMatchObject({ level: "error" });
    expect(check(grpc("2.15.1"), "linkerd").some((f) => f.code === "MESH2008")).toBe(false);
  });
  it("reports a mesh-wide setting where somebody else installs the mesh", () => {
    const tls = (install: string) =>
      `mtls: { mode: STRICT, minVersion: "1.3" }\nbackends: { istio: { install: ${install} } }`;
    expect(check(tls("none"), "istio").find((f) => f.code === "MESH2009")).toMatchObject({
      path: "mtls.minVersion",
      level: "error",
    });
    expect(check(tls("helm"), "istio")).toEqual([]);
  });
  it("reports what the bundled engine does not serve, and nothing where Envoy is the engine", () => {
    const tcp = (proxy: string) => `
backends: { proxy: ${proxy} }
services: [{ name: db, ports: [{ port: 3306, protocol: tcp }] }]
`;
    const [found] = check(tcp("{}"), "proxy");
    expect(found).toMatchObject({ code: "MESH2010", level: "error", path: "services[0].ports[0]" });
    expect(found?.remedy).toContain("spec.backends.proxy.accept: [{ feature: port.tcp, reason: … }]");
    expect(check(tcp("{ engine: bundled }"), "proxy")).toHaveLength(1);
    expect(check(tcp("{ engine: envoy }"), "proxy")).toEqual([]);
    const accepted = check(tcp("{ accept: [{ feature: port.tcp, reason: not here }] }"), "proxy");
    expect(accepted).toMatchObject([{ code: "MESH2005", level: "info" }]);
  });
  it("compares versions number by number", () => {
    expect(olderThan("1.9", "1.10")).toBe(true);
    expect(olderThan("1.10", "1.9")).toBe(false);
    expect(olderThan("v1.30.2", "1.30")).toBe(false);
    expect(olderThan("edge-26.8.1", "2.15")).toBe(false);
    expect(olderThan("1", "1.0.1")).toBe(true);
  });
});
