import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkCapabilities } from "../../../src/capabilities";
import { type Plan, toYaml } from "../../../src/plan";
import { render } from "../../../src/renderers/gcsm";
import { casesIn, expectGolden, modelOf } from "../support/golden";
import { unheldFeatures } from "../support/held-features";
import { shownById } from "../support/shown";
import { heldIn, unwrittenFields } from "../support/written-fields";
import { ruleMistakes } from "./rules";

const cases = casesIn(join(__dirname, "cases"));
const examples = ["mesh-up", "shop"].map((name) => ({
  name: `examples/${name}`,
  text: readFileSync(join(__dirname, "../../../examples", name, "mesh.yaml"), "utf8"),
}));
const planOf = (text: string): Plan => render(modelOf(text)).plan;

describe("what Google's service routing is told", () => {
  it.each(cases)("$name", ({ name, text }) => {
    expectGolden(join(__dirname, "golden", `${name}.yaml`), shownById(planOf(text), text));
  });

  it.each([...cases, ...examples])("loses nothing of $name that was not accepted", ({ text }) => {
    const model = modelOf(text);
    const errors = [...render(model).findings, ...checkCapabilities(model, "gcsm")].filter(
      ({ level }) => level === "error",
    );
    expect(errors).toEqual([]);
  });

  it.each(cases)("$name writes the fields that it says", ({ text }) => {
    expect(unwrittenFields(heldIn(planOf(text)), text)).toEqual([]);
  });

  it("shows every feature that Google is said to have", () => {
    expect(unheldFeatures("gcsm", cases)).toEqual([]);
  });

  it.each([...cases, ...examples])("keeps Google's documented rules in $name", ({ text }) => {
    expect(ruleMistakes(planOf(text).resources)).toEqual([]);
  });

  it("is the same bytes for the same model", () => {
    for (const { text } of cases) expect(toYaml(planOf(text))).toBe(toYaml(planOf(text)));
  });
});
