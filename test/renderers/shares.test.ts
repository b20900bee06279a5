import fc from "fast-check";
import { sharesOf, wholeWeights } from "../../src/renderers/shares";
import { modelOf } from "./support/golden";

const shares = fc.array(fc.oneof(fc.nat(1_000_000), fc.double({ min: 0, max: 1000, noNaN: true })), {
  minLength: 1,
  maxLength: 10,
});
const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

describe("whole weights", () => {
  it("are whole, none of something is nothing, and together they keep to the total", () => {
    fc.assert(
      fc.property(shares, (written) => {
        const whole = wholeWeights(written, { total: 100 });
        expect(whole.every((each) => Number.isInteger(each) && each >= 0)).toBe(true);
        expect(whole.map((each) => each > 0)).toEqual(written.map((each) => each > 0));
        expect(sum(whole)).toBeLessThanOrEqual(100);
      }),
    );
  });
  it("keep each to its most", () => {
    fc.assert(
      fc.property(shares, (written) => {
        const whole = wholeWeights(written, { each: 999 });
        expect(whole.every((each) => Number.isInteger(each) && each >= 0 && each <= 999)).toBe(true);
        expect(whole.map((each) => each > 0)).toEqual(written.map((each) => each > 0));
      }),
    );
  });
  it("keep the proportion: the larger share never gets less", () => {
    fc.assert(
      fc.property(shares, (written) => {
        const whole = wholeWeights(written, { total: 100 });
        const order = written.map((_, i) => i).sort((a, b) => (written[a] ?? 0) - (written[b] ?? 0));
        for (let i = 1; i < order.length; i++)
          expect(whole[order[i] ?? 0]).toBeGreaterThanOrEqual((whole[order[i - 1] ?? 0] ?? 0) - 1);
      }),
    );
  });
  it("stay as they are where they fit", () => {
    expect(wholeWeights([95, 5], { total: 100 })).toEqual([95, 5]);
    expect(wholeWeights([999, 0], { each: 999 })).toEqual([999, 0]);
    expect(wholeWeights([0, 0], { total: 100 })).toEqual([0, 0]);
  });
  it("share out what is left over to the largest remainders", () => {
    expect(wholeWeights([1, 1, 1000], { total: 100 })).toEqual([1, 1, 98]);
    expect(wholeWeights([200, 200, 200], { total: 100 })).toEqual([34, 33, 33]);
  });
});

describe("shares of a rule", () => {
  const spec = `apiVersion: meshup/v1
kind: Mesh
metadata: { name: m }
spec:
  services:
    - { name: a, ports: [{ port: 80 }], versions: [{ name: v1, workload: { replicas: 3 } }, { name: v2, workload: { replicas: 1 } }] }
    - { name: idle, ports: [{ port: 80 }], versions: [{ name: v1, workload: { replicas: 0 } }, { name: v2, workload: { replicas: 0 } }] }
  routes:
    - name: a
      service: a
      http: [{ backends: [{ service: a, weight: 4 }, { service: a, version: v2, weight: 2 }, { service: idle, weight: 4 }] }]
`;
  it("are by replicas, evenly where none runs, and a version that is named twice gets both", () => {
    const model = modelOf(spec);
    const rule = model.routes[0]?.rules[0];
    if (rule === undefined) throw new Error("no rule");
    const found = sharesOf(model, rule).map((each) =>
      "external" in each ? [] : [each.service.name, each.version?.name, each.share],
    );
    expect(found).toEqual([
      ["a", "v1", 3],
      ["a", "v2", 3],
      ["idle", "v1", 2],
      ["idle", "v2", 2],
    ]);
  });
});
