import * as fc from "fast-check";
import { z } from "zod";
import { fits } from "../../src/model/fits";
import { mesh } from "../../src/model/schema/mesh";
import { meshDocument } from "./support/arbitrary";
import { paths, replaced } from "./support/places";

describe("fits", () => {
  it("says of every mesh what zod says", () => {
    const property = fc.property(meshDocument(), (document) => {
      expect(fits(mesh, document)).toBe(true);
    });
    fc.assert(property, { numRuns: 50 });
  });

  it("says of a mesh with any part replaced what zod says", () => {
    const near = fc.constantFrom<unknown>(
      "",
      "-",
      "a b",
      "UPPER",
      0,
      -1,
      1.5,
      65_536,
      1e12,
      "1s",
      "101%",
      [],
      [{}],
      {},
      null,
    );
    const property = fc.property(meshDocument(3), fc.oneof(near, fc.jsonValue()), fc.nat(), (document, value, pick) => {
      const places = paths(document);
      const changed = replaced(document, places[pick % places.length] as (string | number)[], value);
      expect(fits(mesh, changed)).toBe(mesh.safeParse(changed).success);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it.each([
    [z.string().min(2).max(3), ["a", "ab", "abc", "abcd", 2]],
    [z.string().regex(/^a/).regex(/b$/), ["ab", "a", "b"]],
    [z.int().min(1).max(3), [0, 1, 3, 4, 1.5, "1", 2 ** 60]],
    [z.number().min(0).max(1), [-0.1, 0, 0.5, 1, 1.1, NaN, Infinity, null]],
    [z.boolean(), [true, false, "true", 0]],
    [z.enum(["a", "b"]), ["a", "b", "c", 0]],
    [z.literal(301), [301, "301", 302]],
    [z.array(z.boolean()).min(1), [[], [true], [true, 1], {}, "true"]],
    [z.record(z.string().regex(/^\d$/), z.boolean()), [{}, { 1: true }, { a: true }, { 1: 1 }, [], null]],
    [
      z.strictObject({ a: z.boolean(), b: z.boolean().optional() }),
      [{}, { a: true }, { a: true, b: 1 }, { a: true, c: 1 }, []],
    ],
    [z.object({ a: z.boolean().optional() }).catchall(z.unknown()), [{}, { a: 1 }, { b: 1 }, null]],
    [z.union([z.boolean(), z.array(z.boolean())]), [true, [true], [1], 1]],
    [z.never().optional(), [undefined, null, 1]],
  ] as [z.ZodType, unknown[]][])("answers as zod does for schema %#", (schema, values) => {
    const answers = values.map((value) => fits(schema, value));
    expect(answers).toEqual(values.map((value) => schema.safeParse(value).success));
    expect(new Set(answers).size).toBe(2);
  });

  it.each([
    ["a kind that it does not know", z.date()],
    ["a check that it does not know", z.string().trim()],
    ["a bound that is left out", z.number().gt(1)],
    ["an object that drops what it does not know", z.object({})],
  ])("refuses a schema with %s, rather than say yes", (_what, schema) => {
    expect(() => fits(schema, {})).toThrow("no test for");
  });
});
