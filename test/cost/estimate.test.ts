import fc from "fast-check";
import { allBackends, bundledBook, componentNames, Decimal, diff, estimate, loadBook } from "../../src/cost";
import type { BackendName } from "../../src/model";
import { charge, type Price } from "../../src/cost/price";
import { addScenarios, equalScenarios, sumScenarios } from "../../src/cost/scenarios";
import { totalHourly } from "../../src/cost/report/totals";
import { costOf, meshOf, usageOf } from "./support/mesh";

const rate = fc.record({
  average: fc.integer({ min: 0, max: 2_000_000 }),
  more: fc.integer({ min: 0, max: 2_000_000 }),
  growth: fc.integer({ min: 0, max: 50 }),
  gb: fc.integer({ min: 0, max: 100_000 }),
  crossZone: fc.integer({ min: 0, max: 100 }),
  logBytes: fc.integer({ min: 0, max: 2000 }),
  series: fc.integer({ min: 0, max: 20_000 }),
});
const shape = fc.record({
  replicas: fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 4 }),
  rate: fc.option(rate, { nil: undefined }),
  certificates: fc.option(fc.integer({ min: 0, max: 30_000 }), { nil: undefined }),
  backend: fc.constantFrom<BackendName>(...allBackends),
});
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;
const TELEMETRY = { telemetry: { metrics: { enabled: true }, accessLogs: { format: "json" } } };

function estimateOf({ replicas, rate: r, certificates, backend }: Shape) {
  const services = replicas.map((count, i) => ({
    name: `s${i}`,
    replicas: count,
    ...(i > 0 ? { calls: [`s${i - 1}`] } : {}),
  }));
  const usage = usageOf({
    defaults: {
      mesh: { ...(certificates === undefined ? {} : { certificates_per_month: certificates }) },
      ...(r
        ? {
            service: {
              requests_per_hour: { average: r.average, peak: (r.average * (100 + r.growth)) / 100 + r.more },
              growth_percent: r.growth,
              monthly_data_gb: r.gb,
              cross_zone_percent: r.crossZone,
              log_bytes_per_request: r.logBytes,
              metric_series_per_replica: r.series,
            },
          }
        : {}),
    },
  });
  return estimate(meshOf(services, TELEMETRY), backend, { usage });
}

describe("an estimate", () => {
  test("is the sum of its parts exactly: by line, by component and by owner, a month and an hour", () => {
    fc.assert(
      fc.property(shape, (s) => {
        const result = estimateOf(s);
        const lines = sumScenarios(result.lines.flatMap((l) => l.monthly ?? []));
        expect(equalScenarios(lines, result.monthly)).toBe(true);
        expect(equalScenarios(sumScenarios(componentNames.map((c) => result.byComponent[c])), result.monthly)).toBe(
          true,
        );
        expect(equalScenarios(sumScenarios(result.byOwner.values()), result.monthly)).toBe(true);
        const owners = [...result.byOwner.keys()].map((owner) =>
          totalHourly(result.lines.filter((l) => l.owner === owner)),
        );
        expect(equalScenarios(owners.reduce(addScenarios), totalHourly(result.lines))).toBe(true);
        expect(result.findings.filter((f) => f.level === "error")).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
  test("is never higher at the average than expected, nor expected than at the peak", () => {
    fc.assert(
      fc.property(shape, (s) => {
        const { low, expected, high } = estimateOf(s).monthly;
        expect(low.compare(expected)).toBeLessThanOrEqual(0);
        expect(expected.compare(high)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 100 },
    );
  });
  test("never falls when usage rises", () => {
    fc.assert(
      fc.property(shape, rate, rate, (s, a, b) => {
        const sum = {
          average: a.average + b.average,
          more: a.more + b.more,
          growth: a.growth + b.growth,
          gb: a.gb + b.gb,
          crossZone: Math.max(a.crossZone, b.crossZone),
          logBytes: a.logBytes + b.logBytes,
          series: a.series + b.series,
        };
        const [less, more] = [estimateOf({ ...s, rate: a }).monthly, estimateOf({ ...s, rate: sum }).monthly];
        for (const name of ["low", "expected", "high"] as const)
          expect(less[name].compare(more[name])).toBeLessThanOrEqual(0);
      }),
      { numRuns: 100 },
    );
  });
  test("differs one way by what it differs the other way", () => {
    fc.assert(
      fc.property(shape, shape, (a, b) => {
        const [there, back] = [diff(estimateOf(a), estimateOf(b)), diff(estimateOf(b), estimateOf(a))];
        for (const name of ["low", "expected", "high"] as const)
          expect(there.delta[name].equals(back.delta[name].negated())).toBe(true);
        const mirrored = { "+": "-", "-": "+", "~": "~" } as const;
        const keys = (changes: typeof there.changes, flip: boolean) =>
          changes
            .map(
              (c) =>
                `${flip ? mirrored[c.kind] : c.kind} ${c.owner} ${c.name} ${c.delta ? (flip ? c.delta.expected.negated() : c.delta.expected).toString() : "open"}`,
            )
            .sort();
        expect(keys(back.changes, true)).toEqual(keys(there.changes, false));
        const known = there.changes.flatMap((c) => (c.delta ? c.delta.expected : []));
        if (known.length === there.changes.length) expect(Decimal.sum(known).equals(there.delta.expected)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
  test("is the same for the same arguments", () => {
    fc.assert(
      fc.property(shape, (s) => expect(JSON.stringify(estimateOf(s))).toBe(JSON.stringify(estimateOf(s)))),
      { numRuns: 20 },
    );
  });
});

describe("tiers", () => {
  const price = (bounds: readonly number[], rates: readonly number[], period: "hour" | "month"): Price => {
    const tiers = rates.map(
      (r, i) =>
        `{ from: ${i === 0 ? 0 : bounds[i - 1]}, ${i < rates.length - 1 ? `to: ${bounds[i]}, ` : ""}price: ${r / 1000} }`,
    );
    const { book } = loadBook(
      `version: 1\nname: t\ndateRead: 2026-11-23\ncurrency: USD\nprices:\n  - { sku: a.b, provider: aws, unit: GB, period: ${period}, source: test, tiers: [${tiers.join(", ")}] }`,
    );
    return book!.prices.get("a.b")!.get("*")!;
  };
  const table = fc.tuple(
    fc
      .uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 3, maxLength: 3 })
      .map((b) => b.sort((x, y) => x - y)),
    fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 4, maxLength: 4 }),
    fc.constantFrom<"hour" | "month">("hour", "month"),
  );
  test("split a quantity without losing any, and the cost never falls as it rises", () => {
    fc.assert(
      fc.property(table, fc.nat(1_500_000), fc.nat(1_500_000), ([bounds, rates, period], a, b) => {
        const p = price(bounds, rates, period);
        const of = (n: number) => charge(p, Decimal.of(n * 730));
        expect(Decimal.sum(of(a).map((c) => c.quantity)).toString()).toBe(String(a * 730));
        const total = (n: number) => Decimal.sum(of(n).map((c) => c.monthly));
        expect(total(Math.min(a, b)).compare(total(Math.max(a, b)))).toBeLessThanOrEqual(0);
      }),
      { numRuns: 100 },
    );
  });
  test("of the account run over all services together, those of each service apart", () => {
    const usage = usageOf({ defaults: { service: { requests_per_hour: 200000, metric_series_per_replica: 8000 } } });
    const two = meshOf([{ name: "a" }, { name: "b" }], TELEMETRY);
    expect(costOf(estimate(two, "vpc-lattice", { usage }), "aws.lattice.requests")).toEqual(["0.00", "0.00"]);
    expect(costOf(estimate(two, "istio", { usage }), "aws.cloudwatch.metrics")).toEqual(["3000.00", "600.00"]);
  });
});

describe("what is not known", () => {
  test("depends on usage and is in no total", () => {
    const result = estimate(meshOf([{ name: "cart" }]), "vpc-lattice");
    expect(result.lines.map((l) => [l.sku, l.monthly?.expected.toString(), l.missing])).toEqual([
      ["aws.lattice.service", "18.25", undefined],
      ["aws.lattice.data", undefined, "data of service.shop/cart"],
      ["aws.lattice.requests", undefined, "requests of service.shop/cart"],
    ]);
    expect([result.open, result.monthly.expected.toString()]).toEqual([2, "18.25"]);
  });
  test("replicas of pods that exist already come from the usage file", () => {
    const model = meshOf([{ name: "cart", existing: true }]);
    const memory = (usage?: ReturnType<typeof usageOf>) =>
      estimate(model, "linkerd", usage ? { usage } : {}).lines.find((l) => l.name === "Linkerd proxy memory");
    expect(memory()?.missing).toBe("replicas of service.shop/cart");
    expect(memory(usageOf({ own: { "service.cart": { replicas: 4 } } }))?.quantity?.expected.toString()).toBe(
      "74.99609375",
    );
  });
  test("an unmeasured proxy is a warning, not a guess", () => {
    const { lines, findings } = estimate(meshOf([{ name: "cart" }]), "proxy");
    const open = lines.filter((l) => l.component === "control-plane");
    expect(open.length).toBe(2);
    expect(open.every((l) => l.monthly === undefined && l.missing === "a measurement")).toBe(true);
    expect(findings.map((f) => f.code)).toContain("MESH5036");
  });
  test("one's own machines have no price until one sets it", () => {
    const model = meshOf([{ name: "cart" }]);
    const own = estimate(model, "istio", { platform: "self" });
    expect(own.findings.map((f) => f.code)).toContain("MESH5037");
    expect(own.lines.filter((l) => l.component === "control-plane").every((l) => l.monthly === undefined)).toBe(true);
    const { book } = loadBook(
      "version: 1\nname: own\ndateRead: 2026-11-23\ncurrency: USD\nextends: [vendor]\nprices:\n" +
        "  - { sku: self.vcpu, provider: self, unit: vCPU-hours, price: 0.01, source: us, override: true }\n" +
        "  - { sku: self.memory, provider: self, unit: GB-hours, price: 0.001, source: us, override: true }\n",
    );
    expect(
      estimate(model, "istio", { platform: "self", book: book! }).byComponent["control-plane"].expected.toString(),
    ).toBe("5.11");
  });
});

describe("where it runs", () => {
  const model = meshOf([{ name: "cart" }]);
  const errors = (backend: BackendName, options: Parameters<typeof estimate>[2]) =>
    estimate(model, backend, options)
      .findings.filter((f) => f.level === "error")
      .map((f) => f.code);
  test.each<[string, BackendName, Parameters<typeof estimate>[2], string]>([
    ["a region of another cloud", "vpc-lattice", { region: "us-central1" }, "MESH5032"],
    ["a platform of another cloud", "gcsm", { platform: "eks" }, "MESH5032"],
    ["a platform and a region that do not meet", "istio", { region: "us-central1", platform: "eks" }, "MESH5032"],
    ["something that is no region", "istio", { region: "moon" }, "MESH5032"],
    ["a region without a price", "vpc-lattice", { region: "eu-west-1" }, "MESH5031"],
  ])("%s is an error", (_, backend, options, code) => expect(errors(backend, options)).toContain(code));
  test("a region's own prices are used", () => {
    expect(estimate(model, "vpc-lattice", { region: "ap-northeast-1" }).monthly.expected.toString()).toBe("23.725");
  });
  test("Fargate bills App Mesh's Envoy the memory that it cannot go below", () => {
    const memory = (platform: "eks" | "fargate") =>
      estimate(model, "appmesh", { platform })
        .lines.find((l) => l.name === "App Mesh Envoy memory")
        ?.quantity?.expected.toString();
    expect([memory("eks"), memory("fargate")]).toEqual(["45.625", "730"]);
  });
});

describe("what a report says beside the numbers", () => {
  const model = meshOf([{ name: "cart" }]);
  const found = (code: string, today: string) =>
    estimate(model, "vpc-lattice", { today }).findings.filter((f) => f.code === code);
  test("prices read more than 180 days ago are a warning", () => {
    expect(found("MESH5033", "2027-03-19")).toEqual([]);
    expect(found("MESH5033", "2027-03-20")[0]).toMatchObject({ level: "warning", file: "vendor" });
  });
  test("App Mesh is discontinued", () => {
    expect(estimate(model, "appmesh").findings.map((f) => f.code)).toContain("MESH5035");
  });
  test("a commercial edition is for the vendor to price", () => {
    const linkerd = meshOf([{ name: "cart" }], { backends: { linkerd: { edition: "buoyant-enterprise" } } });
    const result = estimate(linkerd, "linkerd");
    expect(result.lines.find((l) => l.sku === "mesh.buoyant-enterprise")).toMatchObject({
      ask: expect.stringContaining("ask Buoyant"),
    });
    expect(result.findings.map((f) => f.code)).toContain("MESH5037");
  });
  test("a book that covers only a part says so", () => {
    expect(estimate(model, "istio", { book: bundledBook("article") }).findings.map((f) => f.code)).toEqual([
      "MESH5038",
    ]);
  });
});
