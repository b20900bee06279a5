import { covers, fromModel, matchesPattern, ruleAdmits } from "../../src/facts";
import type { Match, MtlsMode, Service } from "../../src/model";
import { load } from "../checks/support/mesh";

const factsOf = (spec: string) => fromModel(load(spec).model);
const modeOf = (spec: string, port = 80): readonly MtlsMode[] => {
  const facts = factsOf(spec);
  const service = facts.services[0] as Service;
  const found = service.ports.find((p) => p.port === port);
  if (!found) throw new Error("no such port");
  return facts.lookup.modesOf(service, found);
};

describe("the mTLS mode of a port", () => {
  const cart = "services: [{ name: cart, ports: [{ port: 80, targetPort: 8080 }, { port: 81, targetPort: 8081 }] }]";
  it("is the mesh's where nothing else is said", () => {
    expect(modeOf(cart)).toEqual(["PERMISSIVE"]);
    expect(modeOf(`mtls: { mode: STRICT }\n${cart}`)).toEqual(["STRICT"]);
  });
  it("is the namespace's before the mesh's", () => {
    expect(modeOf(`${cart}\npolicies: { mtls: [{ name: all, mode: STRICT }] }`)).toEqual(["STRICT"]);
  });
  it("is the service's before the namespace's", () => {
    const policies =
      "policies: { mtls: [{ name: all, mode: STRICT }, { name: cart, target: { service: cart }, mode: DISABLE }] }";
    expect(modeOf(`${cart}\n${policies}`)).toEqual(["DISABLE"]);
  });
  it("is the workload port's before the service's", () => {
    const policies =
      "policies: { mtls: [{ name: cart, target: { service: cart }, mode: STRICT, ports: { 8081: DISABLE } }] }";
    expect(modeOf(`${cart}\n${policies}`, 81)).toEqual(["DISABLE"]);
    expect(modeOf(`${cart}\n${policies}`, 80)).toEqual(["STRICT"]);
  });
  it("is what the port itself says before everything", () => {
    const own = "services: [{ name: cart, ports: [{ port: 80, mtls: PERMISSIVE }] }]";
    expect(modeOf(`${own}\npolicies: { mtls: [{ name: cart, target: { service: cart }, mode: STRICT }] }`)).toEqual([
      "PERMISSIVE",
    ]);
  });
  it("is two where a selector takes one version", () => {
    const spec = `
services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1 }, { name: v2 }] }]
policies: { mtls: [{ name: v2, selector: { version: v2 }, mode: STRICT }] }
`;
    expect(modeOf(spec)).toEqual(["PERMISSIVE", "STRICT"]);
  });
});

describe("workloads", () => {
  it("have the identity of their service account in the trust domain", () => {
    const [workload] = factsOf(`
trustDomain: shop.example
services: [{ name: cart, namespace: back, ports: [{ port: 80 }], versions: [{ name: v1, workload: { serviceAccount: carts } }] }]
`).workloads;
    expect(workload?.principal).toBe("shop.example/ns/back/sa/carts");
  });
  it.each([
    ["annotations: { sidecar.istio.io/inject: 'false' }", false],
    ["template: { metadata: { labels: { sidecar.istio.io/inject: 'false' } } }", false],
    ["annotations: { linkerd.io/inject: disabled }", false],
    ["annotations: { linkerd.io/inject: enabled }", true],
  ])("with %s are injected: %s", (field, injected) => {
    const spec = `services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1, workload: { ${field} } }] }]`;
    expect(factsOf(spec).workloads[0]?.injected).toBe(injected);
  });
});

describe("a match covers another", () => {
  const match = (part: Partial<Match>): Match => ({ path: "", methods: [], headers: [], query: [], sni: [], ...part });
  const uri = (kind: "exact" | "prefix" | "regex", value: string, ignoreCase = false) =>
    match({ uri: { kind, value, ignoreCase } });
  const header = (
    kind: "exact" | "prefix" | "present" | "suffix" | "regex",
    value = "",
    negate = false,
    name = "x-a",
  ) => ({ path: "", name, kind, value, negate });
  it.each([
    ["everything, anything", match({}), uri("exact", "/a"), true],
    ["a prefix, what is under it", uri("prefix", "/v1"), uri("exact", "/v1/x"), true],
    ["a prefix, itself without the slash", uri("prefix", "/v1/"), uri("exact", "/v1"), true],
    ["a prefix, not beyond a segment's end", uri("prefix", "/v1"), uri("exact", "/v10"), false],
    ["a prefix, no regular expression", uri("prefix", "/v1"), uri("regex", "/v1/.*"), false],
    ["the root, a regular expression", uri("prefix", "/"), uri("regex", "/v1/.*"), true],
    ["an exact path, not one in any case", uri("exact", "/a"), uri("exact", "/a", true), false],
    ["any case, the exact path", uri("exact", "/A", true), uri("exact", "/a"), true],
    ["a narrow one, not a wide one", uri("exact", "/v1/x"), uri("prefix", "/v1"), false],
    ["present, exact", match({ headers: [header("present")] }), match({ headers: [header("exact", "1")] }), true],
    [
      "names of headers in any case",
      match({ headers: [header("present", "", false, "X-A")] }),
      match({ headers: [header("exact", "1")] }),
      true,
    ],
    [
      "present, not its negation",
      match({ headers: [header("present")] }),
      match({ headers: [header("exact", "1", true)] }),
      false,
    ],
    [
      "a prefix of a value",
      match({ headers: [header("prefix", "a")] }),
      match({ headers: [header("exact", "ab")] }),
      true,
    ],
    [
      "a suffix of a value",
      match({ headers: [header("suffix", "b")] }),
      match({ headers: [header("exact", "ab")] }),
      true,
    ],
    [
      "more conditions, not fewer",
      match({ headers: [header("present"), header("present", "", false, "x-b")] }),
      match({ headers: [header("present")] }),
      false,
    ],
    ["GET, not every method", match({ methods: ["GET"] }), match({}), false],
    ["GET and POST, GET", match({ methods: ["GET", "POST"] }), match({ methods: ["GET"] }), true],
    [
      "a namespace, a service in it",
      match({ source: { namespace: "shop" } }),
      match({ source: { service: { name: "a", namespace: "shop" } } }),
      true,
    ],
  ])("%s: %#", (_name, wide, narrow, expected) => {
    expect(covers(wide, narrow)).toBe(expected);
  });
});

describe("identities", () => {
  it.each([
    ["*", "a/b", true],
    ["*", "", false],
    ["a/*", "a/b", true],
    ["*/b", "a/b", true],
    ["*ns/shop*", "td/ns/shop/sa/x", true],
    ["a", "ab", false],
  ])("%s matches %s: %s", (pattern, text, expected) => {
    expect(matchesPattern(pattern, text)).toBe(expected);
  });
  it("are admitted on the ports that a rule names only", () => {
    const facts = factsOf(`
services: [{ name: cart, ports: [{ port: 80, targetPort: 8080 }, { port: 81, targetPort: 8081 }] }]
policies: { authorization: [{ name: cart, target: { service: cart }, rules: [{ from: [{ namespaces: [shop] }], to: [{ ports: [8080] }] }] }] }
`);
    const [rule] = facts.authorization[0]?.rules ?? [];
    if (!rule) throw new Error("no rule");
    const who = { principal: "cluster.local/ns/shop/sa/web", namespace: "shop" };
    expect(ruleAdmits(facts, rule, who, 8080)).toBe(true);
    expect(ruleAdmits(facts, rule, who, 8081)).toBe(false);
    expect(ruleAdmits(facts, rule, { ...who, namespace: "other" }, 8080)).toBe(false);
  });
});
