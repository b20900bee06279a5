import fc from "fast-check";
import {
  allBackends,
  type CostRecord,
  Decimal,
  estimate,
  loadUsage,
  presetText,
  readRecord,
  recordLess,
  recordLine,
  recordOf,
  recordsIn,
  totalOf,
} from "../../src/cost";
import { meshOf } from "./support/mesh";

const { usage } = loadUsage(presetText("small") ?? "");
const of = (services: number, backend: (typeof allBackends)[number] = "vpc-lattice"): CostRecord =>
  recordOf(
    estimate(meshOf(Array.from({ length: services }, (_, i) => ({ name: `s${i}`, replicas: 2 }))), backend, { usage }),
  );
const sum = (amounts: Readonly<Record<string, string>>): string =>
  Decimal.sum(Object.values(amounts).map(Decimal.of)).toString();

describe("an estimate as plain data", () => {
  test("adds up to the last digit, on every backend, and reads back as it was", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.constantFrom(...allBackends), (services, backend) => {
        const record = of(services, backend);
        expect([sum(record.byComponent), sum(record.byOwner)]).toEqual([record.monthly, record.monthly]);
        expect(readRecord(JSON.parse(JSON.stringify(record)))).toEqual(record);
      }),
      { numRuns: 20 },
    );
  });
  test("is found however deep a stack exports it, and nothing else is taken for one", () => {
    const [a, b] = [of(1), of(2)];
    expect(recordsIn({ x: { y: [a, 5, null] }, z: b, other: "text" })).toEqual([a, b]);
    expect(recordsIn({ ...a, monthly: "many" })).toEqual([]);
    expect(readRecord({ ...a, open: -1 })).toBeUndefined();
  });
  test("less a part of it is the share of who adds the rest", () => {
    const share = recordLess(of(3), of(1));
    expect(share.monthly).toBe(Decimal.of(of(1).monthly).times(Decimal.of(2)).toString());
    expect(Object.keys(share.byOwner)).toEqual(["service.shop/s1", "service.shop/s2"]);
    expect(sum(share.byOwner)).toBe(share.monthly);
  });
  test("is summed in one currency only", () => {
    expect(totalOf([of(1), of(2)])?.total.toString()).toBe(of(3).monthly);
    expect(totalOf([of(1), { ...of(1), currency: "EUR" }])).toBeUndefined();
    expect(totalOf([])).toBeUndefined();
  });
});

describe("the line that a person reads", () => {
  const record = { ...of(1), monthly: "24.088", open: 1 };
  test.each<[string, CostRecord | undefined, string]>([
    ["says the amount and what is open", undefined, "$24.09 a month on vpc-lattice, without 1 open line"],
    [
      "says more",
      { ...record, monthly: "20" },
      "$24.09 a month on vpc-lattice (was $20.00, +$4.09), without 1 open line",
    ],
    [
      "says less",
      { ...record, monthly: "30" },
      "$24.09 a month on vpc-lattice (was $30.00, -$5.91), without 1 open line",
    ],
    ["says the same", record, "$24.09 a month on vpc-lattice (was $24.09), without 1 open line"],
    [
      "says where it was",
      { ...record, backend: "istio" },
      "$24.09 a month on vpc-lattice (was $24.09 on istio), without 1 open line",
    ],
    ["compares no currencies", { ...record, currency: "EUR" }, "$24.09 a month on vpc-lattice, without 1 open line"],
  ])("%s", (_, before, expected) => expect(recordLine(record, before)).toBe(expected));
});
