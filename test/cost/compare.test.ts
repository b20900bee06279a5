import {
  allBackends,
  bundledBook,
  compare,
  type CannotExpress,
  Decimal,
  estimate,
  loadUsage,
  overBudget,
  presetText,
} from "../../src/cost";
import { meshOf } from "./support/mesh";

const model = meshOf([{ name: "web", replicas: 3 }]);
const { usage } = loadUsage(presetText("small") ?? "");
const all: CannotExpress = () => [];
const only =
  (...names: string[]): CannotExpress =>
  (backend) =>
    names.includes(backend) ? [] : ["cannot"];

describe("comparing backends", () => {
  test("the cheapest is the lowest expected total among those that can express the mesh", () => {
    const candidates = ["istio", "vpc-lattice", "istio-managed-csm"] as const;
    const { cheapest } = compare(model, only(...candidates), { usage });
    const lowest = candidates
      .map((backend) => estimate(model, backend, { usage }))
      .reduce((a, b) => (a.monthly.expected.compare(b.monthly.expected) <= 0 ? a : b));
    expect(cheapest?.backend).toBe(lowest.backend);
  });
  test("a discontinued backend is no candidate, however cheap", () => {
    expect(compare(model, only("appmesh"), { usage }).cheapest).toBeUndefined();
  });
  test("a backend that the price book does not price is no candidate", () => {
    const { alternatives } = compare(model, all, { book: bundledBook("article") });
    expect(alternatives.find((a) => a.backend === "vpc-lattice")?.excluded[0]).toContain("no SKU aws.lattice.service");
  });
  test("a region holds where the backend can run there; others are estimated at home", () => {
    const regions = compare(model, all, { usage, region: "us-central1" }).alternatives.map((a) => [
      a.backend,
      a.estimate.region,
    ]);
    expect(Object.fromEntries(regions)).toEqual({
      istio: "us-central1",
      "istio-managed-csm": "us-central1",
      linkerd: "us-central1",
      appmesh: "us-east-1",
      gcsm: "us-central1",
      "vpc-lattice": "us-east-1",
      proxy: "us-central1",
    });
  });
  test("every backend is there", () => {
    expect(compare(model, all).alternatives.map((a) => a.backend)).toEqual(allBackends);
  });
});

describe("a budget", () => {
  const lattice = estimate(model, "vpc-lattice", { usage });
  test("is kept by a total that meets it exactly", () =>
    expect(overBudget(lattice, lattice.monthly.expected)).toBeUndefined());
  test("is exceeded by the smallest amount above it", () => {
    const limit = lattice.monthly.expected.minus(Decimal.of("0.000001"));
    expect(overBudget(lattice, limit)).toMatchObject({ code: "MESH5040", level: "error" });
  });
});
