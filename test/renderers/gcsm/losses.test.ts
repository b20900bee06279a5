import { render } from "../../../src/renderers/gcsm";
import { modelOf } from "../support/golden";

const SET = "  backends: { gcsm: { project: shop-example, zone: europe-west1-b } }\n";
const found = (spec: string, settings = SET): readonly string[] =>
  render(
    modelOf(`apiVersion: meshup/v1\nkind: Mesh\nmetadata: { name: shop, namespace: shop }\nspec:\n${settings}${spec}`),
  )
    .findings.filter(({ level }) => level !== "info")
    .map(({ code, path }) => `${code} ${path}`);
const service = (name: string, rest = ""): string => `{ name: ${name}, ports: [{ port: 80 }]${rest} }`;
const route = (name: string, rest: string): string =>
  `{ name: ${name}, http: [{ backends: [{ service: cart }] }], ${rest} }`;

describe("what Google's renderer reports", () => {
  it.each([
    [
      "ALLOW and DENY on one service",
      `  services: [${service("cart")}]\n  policies: { authorization: [{ name: a, target: { service: cart }, rules: [{}] }, { name: d, target: { service: cart }, action: DENY, rules: [{ to: [{ methods: [GET] }] }] }] }`,
      ["MESH2322 services[0]"],
    ],
    [
      "two routes on one service",
      `  services: [{ name: cart, ports: [{ port: 80 }, { name: rpc, port: 90, protocol: grpc }] }]\n  routes: [{ name: a, parents: [{ service: cart, port: 80 }], http: [{ backends: [{ service: cart, port: 80 }] }] }, { name: b, parents: [{ service: cart, port: 90 }], grpc: [{ backends: [{ service: cart, port: 90 }] }] }]`,
      ["MESH2323 routes[1]"],
    ],
    [
      "a gRPC service without its method",
      `  services: [{ name: cart, ports: [{ port: 80, protocol: grpc }] }]\n  routes: [{ name: a, service: cart, grpc: [{ matches: [{ service: s.A }], backends: [{ service: cart }] }] }]`,
      ["MESH2324 routes[0].grpc[0].matches[0]"],
    ],
    [
      "a policy on some pods of a service",
      `  services: [${service("cart", ", versions: [{ name: v1 }, { name: v2 }]")}]\n  policies: { authorization: [{ name: p, target: { selector: { version: v1 } }, rules: [{}] }] }`,
      ["MESH2326 policies.authorization[0]"],
    ],
    [
      "a host name in two routes",
      `  services: [${service("cart")}, { name: web, ports: [{ port: 81 }] }]\n  routes: [${route("a", "service: cart, hostnames: [x.example]")}, ${route("b", "service: web, hostnames: [x.example]")}]`,
      ["MESH2327 routes[1].hostnames"],
    ],
    [
      "a TCP port of two services",
      `  services: [{ name: a, ports: [{ port: 3306, protocol: tcp }] }, { name: b, ports: [{ port: 3306, protocol: tcp }] }]`,
      ["MESH2328 services[1].ports[0]"],
    ],
    [
      "a version whose backend service is another's",
      `  services: [${service("cart", ", versions: [{ name: v1 }]")}, ${service("cart-v1")}]`,
      ["MESH2329 services[1]"],
    ],
  ])("%s", (_name, spec, findings) => {
    expect(found(spec)).toEqual(findings);
  });

  it("settings that are absent or none", () => {
    expect(found(`  backends: { gcsm: { colour: blue } }\n  services: [${service("cart")}]`, "")).toEqual([
      "MESH2320 backends.gcsm.colour",
      "MESH2321 backends.gcsm.project",
      "MESH2321 backends.gcsm.zone",
    ]);
  });
});
