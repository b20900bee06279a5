import { join } from "node:path";
import { checkCapabilities, featureById } from "../../../src/capabilities";
import type { Model } from "../../../src/model";
import type { Plan } from "../../../src/plan";
import { BOOTSTRAP, type BootstrapProperties, render } from "../../../src/renderers/proxy";
import { refusalsOf } from "../../proxy/xds/refusals";
import { casesIn, expectGolden, modelOf } from "../support/golden";
import { unheldFeatures } from "../support/held-features";
import { heldBy } from "../support/shown";
import { unwrittenFields } from "../support/written-fields";
import { messagesOf, shownMessages } from "./messages";

const cases = casesIn(join(__dirname, "cases"));
const planOf = (text: string): Plan => render(modelOf(text)).plan;
const refused = (model: Model): string[] =>
  render(model)
    .plan.resources.filter(({ type }) => type === BOOTSTRAP)
    .flatMap(({ properties }) => refusalsOf((properties as unknown as BootstrapProperties).bootstrap));
const withEngine = (model: Model, engine: string): Model => ({
  ...model,
  backends: { proxy: { install: "none", accept: [], ...model.backends.proxy, settings: { engine } } },
});
const needsEnvoy = (text: string): boolean =>
  heldBy(text).some((id) => {
    const support = featureById(id)?.on.proxy;
    return support?.status === "native" && support.needs === "envoy";
  });

describe("what the proxies are told", () => {
  it.each(cases)("$name", ({ name, text }) => {
    expectGolden(join(__dirname, "golden", `${name}.yaml`), shownMessages(planOf(text), text));
  });

  it.each(cases)("loses nothing of $name that was not accepted", ({ text }) => {
    const model = modelOf(text);
    const errors = [...render(model).findings, ...checkCapabilities(model, "proxy")].filter(
      ({ level }) => level === "error",
    );
    expect(errors).toEqual([]);
  });

  it.each(cases)("$name writes the fields that it says", ({ text }) => {
    expect(unwrittenFields(messagesOf(planOf(text), text), text)).toEqual([]);
  });

  it("shows every feature that the proxies are said to have", () => {
    expect(unheldFeatures("proxy", cases)).toEqual([]);
  });

  it.each(cases)("the bundled engine takes what is written for it of $name", ({ text }) => {
    expect(refused(withEngine(modelOf(text), "bundled"))).toEqual([]);
  });

  it.each(cases)(
    "the bundled engine refuses $name as Envoy has it where, and only where, that needs Envoy",
    ({ text }) => {
      const taken = refused(withEngine(modelOf(text), "envoy")).length === 0;
      const left = Object.keys(modelOf(text).backends.proxy?.accept ?? {}).length > 0;
      expect(taken).toBe(!needsEnvoy(text) && !left);
    },
  );

  it("is the same bytes for the same model", () => {
    for (const { text } of cases) expect(JSON.stringify(planOf(text))).toBe(JSON.stringify(planOf(text)));
  });
});
