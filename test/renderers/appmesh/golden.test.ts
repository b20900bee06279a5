import { join } from "node:path";
import { inOrder, type Plan } from "../../../src/plan";
import { render } from "../../../src/renderers/appmesh";
import { casesIn, expectGolden, modelOf } from "../support/golden";
import { unheldFeatures } from "../support/held-features";
import { kindsOf, readable } from "../support/plan-golden";
import { heldIn, unwrittenFields } from "../support/written-fields";

const cases = casesIn(join(__dirname, "cases"));
const planOf = (text: string): Plan => render(modelOf(text)).plan;

describe("what App Mesh is told", () => {
  it.each(cases)("$name", ({ name, text }) => {
    expectGolden(join(__dirname, "golden", `${name}.yaml`), readable(planOf(text), kindsOf(text)));
  });

  it.each(cases)("$name stands in an order that is safe to apply, each name once for its type", ({ text }) => {
    const { resources } = planOf(text);
    expect(inOrder(resources)).toEqual(resources);
    const names = resources.map(({ type, name }) => `${type} ${name}`);
    expect(names).toEqual([...new Set(names)]);
  });

  it.each(cases)("$name writes the fields that it says", ({ text }) => {
    expect(unwrittenFields(heldIn(planOf(text)), text)).toEqual([]);
  });

  it("shows every feature that App Mesh is said to have", () => {
    expect(unheldFeatures("appmesh", cases)).toEqual([]);
  });

  it("is the same bytes for the same model", () => {
    for (const { text } of cases) expect(JSON.stringify(planOf(text))).toBe(JSON.stringify(planOf(text)));
  });
});
