import fc from "fast-check";
import { Decimal } from "../../src/cost/decimal";

const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.integer({ min: 0, max: 12 }))
  .map(([units, places]) => Decimal.of(String(units)).shifted(-places));

describe("Decimal", () => {
  test.each([
    ["0.1 + 0.2 is 0.3", Decimal.of(0.1).plus(Decimal.of(0.2)).toString(), "0.3"],
    ["exponents are read", Decimal.of("1e-7").plus(Decimal.of("2.5E3")).toString(), "2500.0000001"],
    [
      "half rounds away from zero",
      `${Decimal.of("12.045").toFixed(2)} ${Decimal.of("-12.045").toFixed(2)}`,
      "12.05 -12.05",
    ],
    ["below half rounds towards zero", Decimal.of("0.0049999").toFixed(2), "0.00"],
    ["division rounds at the place asked for", Decimal.one.dividedBy(Decimal.of(3), 4).toString(), "0.3333"],
    ["division rounds half away from zero", Decimal.of(-1).dividedBy(Decimal.of(8), 2).toString(), "-0.13"],
    ["trailing zeros go", Decimal.of("100.500").toString(), "100.5"],
    ["hundreds stay", Decimal.of("100").toString(), "100"],
  ])("%s", (_, actual, expected) => expect(actual).toBe(expected));

  test.each(["", ".", "1,5", "0x10", "NaN", "--1", "1e", "$1"])("%j is not a number", (text) => {
    expect(Decimal.parse(text)).toBeUndefined();
    expect(() => Decimal.of(text)).toThrow(TypeError);
  });
  test("dividing by zero is refused", () => expect(() => Decimal.one.dividedBy(Decimal.zero, 2)).toThrow(RangeError));

  test("text read back is the same number", () => {
    fc.assert(fc.property(decimal, (a) => Decimal.of(a.toString()).equals(a)));
  });
  test("addition and multiplication are exact: order and grouping never matter", () => {
    fc.assert(
      fc.property(decimal, decimal, decimal, (a, b, c) => {
        expect(
          a
            .plus(b)
            .plus(c)
            .equals(c.plus(b.plus(a))),
        ).toBe(true);
        expect(a.times(b.plus(c)).equals(a.times(b).plus(a.times(c)))).toBe(true);
        expect(a.minus(b).plus(b).equals(a)).toBe(true);
      }),
    );
  });
  test("a rounded quotient is within half a unit of its last place", () => {
    fc.assert(
      fc.property(
        decimal,
        decimal.filter((d) => !d.isZero),
        fc.integer({ min: 0, max: 20 }),
        (a, b, places) => {
          const error = a.dividedBy(b, places).times(b).minus(a);
          const half = b.times(Decimal.of("0.5")).shifted(-places);
          const absolute = (d: Decimal): Decimal => (d.isNegative ? d.negated() : d);
          expect(absolute(error).compare(absolute(half))).toBeLessThanOrEqual(0);
        },
      ),
    );
  });
});
