import { configOf } from "../../policy/config";
import { violationText } from "../../policy/evaluate";
import type { PolicyRule } from "../../policy/rule";
import { rules } from "../../policy/rules";
import { manifests, run, withUnknown } from "./support";

const exemption = (rule: PolicyRule, expires: string) => ({
  [rule.name]: { exemptions: [{ resource: "*", reason: "moved next week", expires }], ...rule.example.settings },
});

it("has a policy for each of the 39 rows, each with a code of its own", () => {
  const codes = rules.map(({ code }) => code);
  expect(codes).toEqual(Array.from({ length: 39 }, (_, i) => `MESH60${String(i + 1).padStart(2, "0")}`));
  expect(new Set(rules.map(({ name }) => name)).size).toBe(39);
});

describe.each(rules.map((rule) => [rule.name, rule] as const))("%s", (_name, rule) => {
  const { wrong, right, unknown, settings } = rule.example;
  const pack = settings ? { [rule.name]: settings } : {};

  it("finds what is wrong, and says all that is needed to mend it", () => {
    const found = run(rule, manifests(wrong), pack);
    expect(found).not.toEqual([]);
    for (const violation of found) {
      expect(violation.resource).not.toBe("");
      const text = violationText(violation);
      expect(text).toContain(violation.code);
      expect(text).toContain(violation.resource);
      expect(text).toMatch(/Found: .+\. Wanted: .+\. .*See docs\/policies\/MESH60\d\d\.md\.$/);
      expect(text).not.toMatch(/undefined|\[object/);
    }
  });

  it("says nothing about what is right", () => {
    expect(run(rule, manifests(right), pack)).toEqual([]);
  });

  it("leaves exempt resources alone, up to the day", () => {
    expect(run(rule, manifests(wrong), exemption(rule, "2026-11-24"))).toEqual([]);
  });

  it("counts an exemption that has ended no more, and says so", () => {
    const found = run(rule, manifests(wrong), exemption(rule, "2026-11-23"));
    expect(found).toHaveLength(run(rule, manifests(wrong), pack).length);
    for (const violation of found) expect(violationText(violation)).toContain("ended on 2026-11-23");
  });

  it("says nothing where an unknown value decides", () => {
    const [at, field, of] = unknown;
    const objects = manifests(of === "right" ? right : wrong);
    expect(run(rule, withUnknown(objects, at, field), pack)).toEqual([]);
  });

  it("says what is certain, whatever else is unknown", () => {
    const objects = manifests(wrong);
    const unrelated = objects.reduce<Record<string, unknown>[]>(
      (all, _, at) => withUnknown(all, at, "metadata.annotations.example~com/owner"),
      objects,
    );
    expect(run(rule, unrelated, pack).map(({ code, field }) => [code, field])).toEqual(
      run(rule, objects, pack).map(({ code, field }) => [code, field]),
    );
  });

  it("is off where the configuration says so, and follows the preset elsewhere", () => {
    expect(run(rule, manifests(wrong), { [rule.name]: "disabled" })).toEqual([]);
    expect(configOf(rule, {}, "baseline").level).toBe(rule.levels.baseline);
    expect(rule.levels.strict).not.toBe("disabled");
  });
});
