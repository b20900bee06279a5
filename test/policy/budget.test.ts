import { configOf } from "../../policy/config";
import { evaluate, type Violation } from "../../policy/evaluate";
import type { Settings } from "../../policy/rule";
import { ruleByName } from "../../policy/rules";
import { estateOfModel, type Given, readings, UNKNOWN } from "../../src/facts";
import { meshOf } from "../cost/support/mesh";
import { given, TODAY } from "./support";

const rule = ruleByName("end-of-life-and-budget")!;
/** What the budget says; the end of a backend's life is another code. */
const held = (resources: readonly Given[], settings: Settings): readonly Violation[] =>
  evaluate(rule, readings(resources), configOf(rule, { [rule.name]: settings }, "strict"), TODAY).filter(
    ({ code }) => code === "MESH6039",
  );
const cloud = (type: string, name: string, properties: object = {}): Given => ({
  id: `urn:pulumi:dev::shop::${type}::${name}`,
  type,
  name,
  properties: { name, ...properties },
});
const lattice = (count: number): Given[] =>
  Array.from({ length: count }, (_, i) => cloud("aws:vpclattice/service:Service", `s${i}`));
const deployment = (replicas: unknown): Given[] =>
  given([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", labels: { "istio-injection": "enabled" } } },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "cart", namespace: "shop" },
      spec: { selector: { app: "cart" }, ports: [{ name: "http", port: 80 }] },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "cart", namespace: "shop" },
      spec: {
        replicas,
        selector: { matchLabels: { app: "cart" } },
        template: { metadata: { labels: { app: "cart" } }, spec: { containers: [{ name: "app", image: "cart:1" }] } },
      },
    },
  ]);

describe("the stack's total", () => {
  it("that meets its limit holds, and the smallest amount above does not", () => {
    // Two services at $18.25.
    expect(held(lattice(2), { maxMonthly: 36.5 })).toEqual([]);
    expect(held(lattice(2), { maxMonthly: 36.49 })).toMatchObject([
      {
        resource: "urn:pulumi:dev::shop::aws:vpclattice/service:Service::s0",
        message: "The mesh costs more than its budget",
        found: "$36.50 a month, without 4 open lines",
        wanted: "at most $36.49 a month",
      },
    ]);
  });
  it("is of all meshes of the stack together", () => {
    const both = [...lattice(1), ...deployment(3)];
    const alone = (some: readonly Given[]) => Number(/[\d.]+/.exec(held(some, { maxMonthly: 0 })[0]?.found ?? "")?.[0]);
    expect(alone(both)).toBeCloseTo(alone(lattice(1)) + alone(deployment(3)), 2);
    expect(alone(deployment(3))).toBeGreaterThan(0);
  });
  it("is nobody's business where no limit is set, or no mesh is there", () => {
    expect(held(lattice(500), {})).toEqual([]);
    expect(held([cloud("aws:s3/bucket:Bucket", "logs")], { maxMonthly: 0 })).toEqual([]);
  });
  it("counts traffic where a preset says how much", () => {
    expect(held(lattice(1), { maxMonthly: 19 })).toEqual([]);
    expect(held(lattice(1), { maxMonthly: 19, usage: "large" })).toHaveLength(1);
  });
  it("in a region without prices is told, not taken as nothing", () => {
    expect(held(lattice(1), { maxMonthly: 1000, region: "eu-west-1" })).toMatchObject([
      { message: expect.stringMatching(/^The budget cannot be held: .* not in eu-west-1$/), found: "no estimate" },
    ]);
    expect(held(lattice(1), { maxMonthly: 20, region: "ap-northeast-1" })).toMatchObject([
      { found: "$23.73 a month, without 2 open lines" },
    ]);
  });
});

describe("one service", () => {
  it("over its limit is told where it stands", () => {
    expect(held(lattice(3), { maxMonthlyPerService: 18.25 })).toEqual([]);
    expect(
      held(lattice(3), { maxMonthlyPerService: 18 }).map(({ resource, found }) => [resource.slice(-2), found]),
    ).toEqual([
      ["s0", "$18.25 a month"],
      ["s1", "$18.25 a month"],
      ["s2", "$18.25 a month"],
    ]);
  });
  it("in a cluster costs what its replicas' proxies take", () => {
    const dear = held(deployment(200), { maxMonthlyPerService: 20 });
    expect(dear).toMatchObject([{ message: "The mesh of cart costs more than a service may" }]);
    expect(held(deployment(2), { maxMonthlyPerService: 20 })).toEqual([]);
  });
});

describe("the change against the last deployment", () => {
  it("may be 20 percent, or what is set", () => {
    expect(held(lattice(6), { lastMonthly: 91.25 })).toEqual([]);
    expect(held(lattice(7), { lastMonthly: 91.25 })).toMatchObject([
      {
        message: "The mesh costs more than $91.25 a month, what is deployed now, allows",
        found: "$127.75 a month, without 14 open lines",
        wanted: "at most 20% more",
      },
    ]);
    expect(held(lattice(6), { lastMonthly: 91.25, maxIncreasePercent: 19 })).toHaveLength(1);
    expect(held(lattice(7), { lastMonthly: 91.25, maxIncreasePercent: 40 })).toEqual([]);
  });
  it("may be any saving", () => expect(held(lattice(1), { lastMonthly: 1000 })).toEqual([]));
});

describe("clouds' own resources", () => {
  const node = (name: string): Given => cloud("aws:appmesh/virtualNode:VirtualNode", name, { meshName: "shop" });
  const backend = (name: string, loadBalancingScheme = "INTERNAL_SELF_MANAGED"): Given =>
    cloud("gcp:compute/backendService:BackendService", name, { loadBalancingScheme });

  it("have pods elsewhere: their proxies count as soon as somebody says how many", () => {
    expect(held([node("cart")], { maxMonthly: 5 })).toEqual([]);
    // Half a vCPU and 64 MiB for each of ten Envoys.
    expect(held([node("cart")], { maxMonthly: 5, replicas: 10 })).toMatchObject([
      { found: expect.stringMatching(/^\$122\.98 a month/) },
    ]);
    // Google's fee of $0.0006945 an hour for each of ten clients, and what their Envoys take.
    const google = held([backend("cart")], { maxMonthly: 5, replicas: 10 });
    expect(google).toMatchObject([{ resource: expect.stringContaining("cart") }]);
  });
  it("of a private CA are on the bill of the stack that has it", () => {
    const ca = (usageMode: string): Given =>
      cloud("aws:acmpca/certificateAuthority:CertificateAuthority", "ca", { usageMode });
    const found = (some: readonly Given[]) => held(some, { maxMonthly: 1 })[0]?.found;
    expect(found([node("cart")])).toBeUndefined();
    expect(found([node("cart"), ca("GENERAL_PURPOSE")])).toMatch(/^\$400\.00 a month/);
    expect(found([node("cart"), ca("SHORT_LIVED_CERTIFICATE")])).toMatch(/^\$50\.00 a month/);
    const pool = (tier: string): Given => cloud("gcp:certificateauthority/caPool:CaPool", "pool", { tier });
    expect(found([backend("cart"), pool("DEVOPS")])).toMatch(/^\$20\.00 a month/);
    expect(found([backend("cart"), pool("ENTERPRISE")])).toMatch(/^\$200\.00 a month/);
  });
  it("that balance load from outside are no part of a mesh", () => {
    expect(held([backend("web", "EXTERNAL_MANAGED")], { maxMonthly: 0, replicas: 10 })).toEqual([]);
  });
});

describe("what a preview does not know", () => {
  it("makes no noise: a number of replicas may be small", () => {
    expect(held(deployment(UNKNOWN), { maxMonthlyPerService: 5 })).toEqual([]);
  });
  it("hides nothing that is certain", () => {
    const unknownName = [...lattice(2), cloud("aws:vpclattice/service:Service", "s3", { name: UNKNOWN })];
    expect(held(unknownName, { maxMonthly: 40 })).toMatchObject([{ found: "$54.75 a month, without 6 open lines" }]);
  });
});

it("is exempt until a day, and counts no more after it", () => {
  const exempt = (expires: string) => ({
    exemptions: [{ resource: "*", reason: "a campaign", expires }],
    maxMonthly: 1,
  });
  const of = (expires: string) =>
    evaluate(rule, readings(lattice(1)), configOf(rule, { [rule.name]: exempt(expires) }, "strict"), TODAY);
  expect(of("2026-11-24")).toEqual([]);
  expect(of("2026-11-23")).toMatchObject([{ expired: "the exemption (a campaign) ended on 2026-11-23" }]);
});

it("holds a mesh file to the same limits", () => {
  const model = meshOf([{ name: "cart", replicas: 100 }], { backends: { istio: {} } });
  const config = configOf(rule, { [rule.name]: { maxMonthly: 5 } }, "strict");
  expect(evaluate(rule, [estateOfModel(model)], config, TODAY)).toMatchObject([
    { code: "MESH6039", message: "The mesh costs more than its budget" },
  ]);
});
