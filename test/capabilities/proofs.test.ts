import { join } from "node:path";
import { backendNames, table } from "../../src/capabilities";
import { casesIn } from "../renderers/support/golden";
import { unheldFeatures } from "../renderers/support/held-features";
import { absentSuites, proofs } from "../renderers/support/oracles";
import { heldBy, provenOn } from "../renderers/support/shown";

const root = join(__dirname, "..");

// That each `unsupported` is reported where it is used is in uses.test.ts.
describe.each(backendNames)("what %s is said to have", (backend) => {
  const cases = casesIn(join(root, "renderers", proofs[backend].cases)).map((each) => ({
    ...each,
    text: provenOn(backend, each.text),
  }));

  it("is held by a golden case, feature by feature", () => {
    expect(unheldFeatures(backend, cases)).toEqual([]);
    const able = table.filter(({ on }) => on[backend].status !== "unsupported").map(({ id }) => id);
    expect([...new Set(cases.flatMap(({ text }) => heldBy(text)))].sort()).toEqual([...able].sort());
  });

  it("is proven by suites that take every one of these cases", () => {
    expect(absentSuites(backend, root)).toEqual([]);
    expect(Object.keys(proofs[backend].suites).length).toBeGreaterThan(0);
  });
});

it("a suite that does not take the cases is told", () => {
  expect(absentSuites("linkerd", join(root, "renderers"))).toEqual(["e2e/linkerd.test.ts is not there"]);
});
