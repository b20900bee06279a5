import fc from "fast-check";
import { backendNames, checkCapabilities, compare } from "../../src/capabilities";
import { checks, runChecks } from "../../src/checks";
import { fromObject } from "../../src/model";
import { meshDocument } from "../model/support/arbitrary";

const codes = new Set(checks.map((c) => c.code));

describe("any valid mesh", () => {
  it("is checked without throwing, the same way each time, with findings that say something", () => {
    fc.assert(
      fc.property(meshDocument(), (document) => {
        const { model } = fromObject(document);
        if (!model) throw new Error("not loaded");
        const before = JSON.stringify(model);
        const findings = runChecks(model);
        expect(runChecks(model)).toEqual(findings);
        expect(JSON.stringify(model)).toBe(before);
        for (const finding of findings) {
          expect(codes.has(finding.code)).toBe(true);
          expect(finding.message).not.toMatch(/undefined|NaN|Infinity|\[object/);
          expect(finding.remedy).not.toBe("");
        }
      }),
      { numRuns: 60 },
    );
  });
  it("is compared between any two backends without throwing", () => {
    fc.assert(
      fc.property(
        meshDocument(3),
        fc.constantFrom(...backendNames),
        fc.constantFrom(...backendNames),
        (document, a, b) => {
          const { model } = fromObject(document);
          if (!model) throw new Error("not loaded");
          checkCapabilities(model, a);
          expect(compare(model, a, a)).toEqual([]);
          const there = compare(model, a, b).filter((c) => c.change === "gained").length;
          const back = compare(model, b, a).filter((c) => c.change !== "gained").length;
          expect(back).toBe(there);
        },
      ),
      { numRuns: 60 },
    );
  });
});
