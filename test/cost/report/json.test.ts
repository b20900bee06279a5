import Ajv from "ajv";
import { allBackends, Decimal, diff, estimate, json, jsonDiff } from "../../../src/cost";
import { infracostSchema } from "../support/infracost-schema";
import { meshOf, usageOf } from "../support/mesh";

const ajv = new Ajv({ strict: true, strictTypes: false, allErrors: true });
ajv.addFormat("date-time", (text) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/.test(text));
const valid = ajv.compile(infracostSchema);
const OPTIONS = { path: "mesh.yaml", timeGenerated: "2026-11-23T12:00:00Z" };
const usage = usageOf({
  defaults: {
    service: {
      requests_per_second: { average: 100, peak: 400 },
      request_bytes: 700,
      response_bytes: 3000,
      cross_zone_percent: 33,
    },
  },
});
const model = meshOf([{ name: "web", replicas: 3, calls: ["cart"] }, { name: "cart" }]);

interface Amounts {
  readonly totalHourlyCost: string;
  readonly totalMonthlyCost: string;
}
interface Root extends Amounts {
  readonly diffTotalMonthlyCost: string;
  readonly pastTotalMonthlyCost: string;
  readonly projects: readonly {
    readonly breakdown: Amounts & {
      readonly resources: readonly {
        readonly hourlyCost: string;
        readonly monthlyCost: string;
        readonly costComponents: readonly { readonly hourlyCost: string | null; readonly monthlyCost: string | null }[];
      }[];
    };
  }[];
}
const checked = (text: string): Root => {
  const root: unknown = JSON.parse(text);
  valid(root);
  expect(valid.errors ?? []).toEqual([]);
  return root as Root;
};
const sum = (values: readonly (string | null)[]) => Decimal.sum(values.map((v) => Decimal.of(v ?? 0))).toString();

describe("JSON holds to Infracost's schema", () => {
  test.each(allBackends)("%s, with and without usage", (backend) => {
    for (const options of [{}, { usage }]) {
      const root = checked(json([estimate(model, backend, options)], OPTIONS));
      expect(root.totalMonthlyCost).toMatch(/^\d+(\.\d+)?$/);
      expect(root.totalHourlyCost).toMatch(/^\d+(\.\d+)?$/);
    }
  });
  test("amounts add up to the last digit, from component to resource to project to root", () => {
    const root = checked(json([estimate(model, "istio", { usage })], OPTIONS));
    const { breakdown } = root.projects[0]!;
    for (const { costComponents, hourlyCost, monthlyCost } of breakdown.resources) {
      expect(sum(costComponents.map((c) => c.monthlyCost))).toBe(monthlyCost);
      expect(sum(costComponents.map((c) => c.hourlyCost))).toBe(hourlyCost);
    }
    expect(sum(breakdown.resources.map((r) => r.monthlyCost))).toBe(breakdown.totalMonthlyCost);
    expect(sum(breakdown.resources.map((r) => r.hourlyCost))).toBe(breakdown.totalHourlyCost);
    expect([root.totalMonthlyCost, root.totalHourlyCost]).toEqual([
      breakdown.totalMonthlyCost,
      breakdown.totalHourlyCost,
    ]);
  });
  test("unknown usage is null, never zero", () => {
    const root = checked(json([estimate(model, "vpc-lattice")], OPTIONS));
    const costs = root.projects[0]!.breakdown.resources[0]!.costComponents.map((c) => c.monthlyCost);
    expect(costs).toEqual(["18.25", null, null]);
  });
  test("several backends are alternatives: a project each, and no total", () => {
    const root = checked(
      json(
        allBackends.map((b) => estimate(model, b, { usage })),
        OPTIONS,
      ),
    );
    expect([root.projects.length, root.totalMonthlyCost]).toEqual([allBackends.length, null]);
  });
  test("a difference has its past, its present and what changed", () => {
    const more = meshOf([{ name: "web", replicas: 5, calls: ["cart"] }, { name: "cart" }]);
    const result = diff(estimate(model, "istio", { usage }), estimate(more, "istio", { usage }));
    const root = checked(jsonDiff(result, OPTIONS));
    expect(Decimal.of(root.pastTotalMonthlyCost).plus(Decimal.of(root.diffTotalMonthlyCost)).toString()).toBe(
      root.totalMonthlyCost,
    );
    expect(Decimal.of(root.diffTotalMonthlyCost).equals(result.delta.expected)).toBe(true);
  });
});
