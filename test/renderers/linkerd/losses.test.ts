import { render } from "../../../src/renderers/linkerd";
import { modelOf } from "../support/golden";

const found = (spec: string): readonly string[] =>
  render(modelOf(`apiVersion: meshup/v1\nkind: Mesh\nmetadata: { name: shop, namespace: shop }\nspec:\n${spec}`))
    .findings.filter(({ level }) => level !== "info")
    .map(({ code, path }) => `${code} ${path}`);

const cart = "  services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1 }, { name: v2 }] }]\n";
const http = (...rules: readonly string[]): string =>
  `${cart}  routes: [{ name: cart, service: cart, http: [${rules.join(", ")}] }]`;
const to = "backends: [{ service: cart, version: v1 }]";
const many = (count: number, one: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => one(i)).join(", ");

describe("what Linkerd's renderer reports", () => {
  it.each([
    [
      "a second rule of a TCP route",
      `  services: [{ name: db, ports: [{ port: 1, protocol: tcp }] }]\n  routes: [{ name: db, service: db, tcp: [{ backends: [{ service: db }] }, { backends: [{ service: db }] }] }]`,
      ["MESH2201 routes[0]"],
    ],
    [
      "a match that overtakes a pattern",
      http(
        `{ matches: [{ path: { prefix: /a }, headers: [{ name: x, prefix: "1" }] }], ${to} }`,
        `{ matches: [{ path: { regex: "/a/.*b" } }], ${to} }`,
      ),
      ["MESH2202 routes[0].http[1].matches[0]"],
    ],
    [
      "equals in two resources",
      http(
        `{ matches: [{ path: { exact: /a } }], ${to} }`,
        `{ matches: [{ path: { prefix: /a } }], ${to}, retries: { attempts: 1, on: [5xx] } }`,
      ),
      ["MESH2202 routes[0].http[1].matches[0]"],
    ],
    [
      "a method that Gateway API does not know",
      http(`{ matches: [{ method: PROPFIND }], ${to} }`),
      ["MESH2205 routes[0].http[0].matches[0]"],
    ],
    [
      "a prefix replaced where a pattern matched",
      http(`{ matches: [{ path: { regex: "/a.*" } }], filters: { redirect: { prefix: /b } } }`),
      ["MESH2206 routes[0].http[0].filters.redirect"],
    ],
    [
      "more backends than a rule holds",
      `  services: [{ name: cart, ports: [{ port: 80 }], versions: [${many(17, (i) => `{ name: v${i} }`)}] }]\n  routes: [{ name: cart, service: cart, http: [{ backends: [${many(17, (i) => `{ service: cart, version: v${i} }`)}] }] }]`,
      ["MESH2207 routes[0].http[0]"],
    ],
    [
      "a TCP port outside without an address",
      `${cart}  egress: { mode: REGISTRY_ONLY }\n  externalServices: [{ name: relay, hosts: [mail.example], ports: [{ port: 587, protocol: tcp }] }]`,
      ["MESH2209 externalServices[0].ports[0]"],
    ],
    [
      "a version whose Service is another service",
      `  services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1 }] }, { name: cart-v1, ports: [{ port: 80 }] }]`,
      ["MESH2210 services[0].versions[0]"],
    ],
    [
      "a version whose Service has too long a name",
      `  services: [{ name: ${"c".repeat(60)}, ports: [{ port: 80 }], versions: [{ name: long }] }]`,
      ["MESH2210 services[0].versions[0]"],
    ],
    [
      "two Servers for one port of the same pods",
      `  mtls: { mode: STRICT }\n  services: [{ name: a, labels: { app: x }, ports: [{ port: 80 }] }, { name: b, labels: { app: x }, ports: [{ port: 81, targetPort: 80 }] }]`,
      ["MESH2211 services[1].ports[0]"],
    ],
    [
      "a policy on some pods of a service",
      `${cart}  policies: { authorization: [{ name: p, target: { selector: { version: v1 } }, rules: [{}] }] }`,
      ["MESH2214 policies.authorization[0]"],
    ],
    [
      "a setting that is none",
      `${cart}  backends: { linkerd: { colour: blue } }`,
      ["MESH2204 backends.linkerd.colour"],
    ],
  ])("%s", (_name, spec, findings) => {
    expect(found(spec)).toEqual(findings);
  });

  it("writes a rule of many matches, and many rules, into as many parts as it takes", () => {
    expect(
      found(http(...Array.from({ length: 40 }, (_, i) => `{ matches: [{ path: { exact: /p${i} } }], ${to} }`))),
    ).toEqual([]);
  });
});
