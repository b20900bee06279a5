import fc from "fast-check";
import { Decimal } from "../../src/cost/decimal";
import * as units from "../../src/cost/units";

const amount = fc.integer({ min: 0, max: 10 ** 12 }).map((n) => Decimal.of(n).shifted(-3));

describe("unit conversions round-trip", () => {
  test.each([
    ["bytes to GB", units.gbFromBytes, units.bytesFromGb],
    ["GB to bytes", units.bytesFromGb, units.gbFromBytes],
    ["an hour's to a month's", units.monthlyFromHourly, units.hourlyFromMonthly],
    ["a second's to an hour's", units.hourlyFromSeconds, units.secondsFromHourly],
  ])("%s", (_, there, back) => {
    fc.assert(fc.property(amount, (a) => back(there(a)).equals(a)));
  });
  test("a month is 730 hours and a GB is 2^30 bytes", () => {
    expect(units.monthlyFromHourly(Decimal.one).toString()).toBe("730");
    expect(units.bytesFromGb(Decimal.one).toString()).toBe("1073741824");
    expect(units.gbFromBytes(Decimal.of(1073741824)).toString()).toBe("1");
  });
});
