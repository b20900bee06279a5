import { checkFacts, checks } from "../../src/checks";
import { fromModel } from "../../src/facts";
import { parsePath } from "../../src/model";
import { load } from "./support/mesh";

/** Every rule is held to its own example: the smallest mesh that it finds, and the smallest that it does not. */
describe.each(checks.map((check) => [check.code, check.name, check] as const))("%s %s", (_code, _name, check) => {
  const run = (spec: string) => {
    const { model, locate } = load(spec);
    return { model, findings: checkFacts(fromModel(model), { checks: [check] }).map(locate) };
  };

  it("finds the wrong mesh, and says where", () => {
    const { model, findings } = run(check.example.wrong);
    expect(findings.length).toBeGreaterThan(0);
    for (const finding of findings) {
      expect(finding).toMatchObject({ code: check.code, level: check.level, file: "mesh.yaml" });
      expect(finding.line).toBeGreaterThanOrEqual(4);
      expect(finding.message).not.toMatch(/undefined|\[object|NaN/);
      expect(Object.keys(model)).toContain(parsePath(finding.path)[0]);
    }
  });

  it("says nothing about the right mesh", () => {
    expect(run(check.example.right).findings).toEqual([]);
  });
});

describe("the table", () => {
  it("has a code and a name for each rule, used once", () => {
    expect(new Set(checks.map((c) => c.code)).size).toBe(checks.length);
    expect(new Set(checks.map((c) => c.name)).size).toBe(checks.length);
    for (const check of checks) expect(check.code).toMatch(/^MESH1[0-8]\d\d$/);
  });
  it("is in the order of the codes", () => {
    const codes = checks.map((c) => c.code);
    expect(codes).toEqual([...codes].sort());
  });
});
