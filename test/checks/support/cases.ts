import { checkByName, checkFacts } from "../../../src/checks";
import { fromModel } from "../../../src/facts";
import { load } from "./mesh";

/** What the mesh is about, the mesh, and where the rule finds it: nothing, where it must keep quiet. */
export type Case = readonly [about: string, spec: string, ...paths: readonly string[]];

/** Holds a rule to its corner cases, beyond the example that it carries. */
export function hold(name: string, cases: readonly Case[]): void {
  const check = checkByName(name);
  if (!check) throw new Error(`no check is called ${name}`);
  describe(`${check.code} ${name}`, () => {
    it.each(cases)("%s", (_about, spec, ...paths) => {
      const found = checkFacts(fromModel(load(spec).model), { checks: [check] });
      expect(found.map((f) => f.path).sort()).toEqual([...paths].sort());
    });
  });
}
