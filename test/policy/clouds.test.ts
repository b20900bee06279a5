import { violationText } from "../../policy/evaluate";
import { ruleByName } from "../../policy/rules";
import { evaluate, type Violation } from "../../policy/evaluate";
import { configOf } from "../../policy/config";
import { readings } from "../../src/facts";
import { type CloudCase, cloudCases, type CloudResource } from "./clouds";
import { TODAY, withUnknown } from "./support";

function run(
  { rule: name, settings }: CloudCase,
  resources: readonly CloudResource[],
  own: object = {},
): readonly Violation[] {
  const rule = ruleByName(name)!;
  const given = resources.map((resource, i) => ({ id: `urn:pulumi:dev::shop::${resource.type}::${i}`, ...resource }));
  return evaluate(rule, readings(given), configOf(rule, { [name]: { ...settings, ...own } }, "strict"), TODAY);
}
const exempt = (expires: string) => ({ exemptions: [{ resource: "*", reason: "moved next week", expires }] });
const unknownAt = (resources: readonly CloudResource[], at: number, field: string): CloudResource[] => {
  const properties = withUnknown(
    resources.map((resource) => resource.properties),
    at,
    field,
  );
  return resources.map((resource, i) => ({ ...resource, properties: properties[i]! }));
};

it("looks at each cloud's resources with every policy that has a word for them", () => {
  const of = (cloud: string) => [...new Set(cloudCases.filter((one) => one.cloud === cloud).map(({ rule }) => rule))];
  expect([of("App Mesh").length, of("VPC Lattice").length, of("Google").length]).toEqual([9, 6, 11]);
});

describe.each(cloudCases.map((one) => [one.rule, one.cloud, one.what, one] as const))(
  "%s on %s: %s",
  (_r, _c, _w, one) => {
    const { wrong, right, unknown } = one;
    it("is found, with what to do", () => {
      const found = run(one, wrong);
      expect(found).not.toEqual([]);
      for (const violation of found) {
        expect(violation.resource).toMatch(/^urn:/);
        expect(violationText(violation)).toMatch(/Found: .+\. Wanted: .+\. .*See docs\/policies\/MESH60\d\d\.md\.$/);
      }
    });
    it("is not found where it is right", () => expect(run(one, right)).toEqual([]));
    it("is left alone up to the day of its exemption, and told after it", () => {
      expect(run(one, wrong, exempt("2026-11-24"))).toEqual([]);
      const late = run(one, wrong, exempt("2026-11-23"));
      expect(late).toHaveLength(run(one, wrong).length);
      for (const violation of late) expect(violationText(violation)).toContain("ended on 2026-11-23");
    });
    if (unknown !== undefined)
      it("is not said where what decides it is unknown", () => {
        const [at, field] = unknown;
        expect(run(one, unknownAt(wrong, at, field))).toEqual([]);
      });
    it("is said whatever else is unknown", () => {
      const places = (found: readonly Violation[]) => found.map(({ code, field }) => [code, field]);
      expect(places(run(one, unknownAt(wrong, 0, "tags.owner")))).toEqual(places(run(one, wrong)));
    });
  },
);
