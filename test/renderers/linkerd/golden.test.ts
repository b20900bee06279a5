import { join } from "node:path";
import { checkCapabilities } from "../../../src/capabilities";
import { isKubernetes, manifestsOf, type Plan, toYaml } from "../../../src/plan";
import { render } from "../../../src/renderers/linkerd";
import { casesIn, expectGolden, modelOf } from "../support/golden";
import { unheldFeatures } from "../support/held-features";
import { shapeMistakes } from "../support/kubernetes-shapes";
import { shown } from "../support/shown";
import { heldIn, unwrittenFields } from "../support/written-fields";

const cases = casesIn(join(__dirname, "cases"));
const planOf = (text: string): Plan => render(modelOf(text)).plan;

describe("what Linkerd is told", () => {
  it.each(cases)("$name", ({ name, text }) => {
    expectGolden(join(__dirname, "golden", `${name}.yaml`), shown(planOf(text), text));
  });

  it.each(cases)("loses nothing of $name", ({ text }) => {
    const model = modelOf(text);
    const errors = [...render(model).findings, ...checkCapabilities(model, "linkerd")].filter(
      ({ level }) => level === "error",
    );
    expect(errors).toEqual([]);
  });

  it.each(cases)("$name writes the fields that it says", ({ text }) => {
    expect(unwrittenFields(heldIn(planOf(text)), text)).toEqual([]);
  });

  it("shows every feature that Linkerd is said to have", () => {
    expect(unheldFeatures("linkerd", cases)).toEqual([]);
  });

  it("keeps the rules of Kubernetes' own kinds", () => {
    expect(cases.flatMap(({ text }) => manifestsOf(planOf(text)).flatMap(shapeMistakes))).toEqual([]);
  });

  it("is the same bytes for the same model", () => {
    for (const { text } of cases) expect(toYaml(planOf(text))).toBe(toYaml(planOf(text)));
  });

  it("holds nothing but Kubernetes' resources", () => {
    for (const { text } of cases) expect(isKubernetes(planOf(text))).toBe(true);
  });
});
