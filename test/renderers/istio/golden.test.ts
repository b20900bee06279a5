import { join } from "node:path";
import { isKubernetes, manifestsOf, type Plan, toYaml } from "../../../src/plan";
import { render } from "../../../src/renderers/istio";
import { casesIn, expectGolden, modelOf } from "../support/golden";
import { unheldFeatures } from "../support/held-features";
import { againstIstioSchemas } from "../support/istio-schemas";
import { shapeMistakes } from "../support/kubernetes-shapes";
import { provenOn, shown } from "../support/shown";
import { heldIn, unwrittenFields } from "../support/written-fields";

const cases = casesIn(join(__dirname, "cases"));
const planOf = (text: string): Plan => render(modelOf(text)).plan;

describe("what Istio is told", () => {
  it.each(cases)("$name", ({ name, text }) => {
    expectGolden(join(__dirname, "golden", `${name}.yaml`), shown(planOf(text), text));
  });

  it.each(cases)("$name writes the fields that it says", ({ text }) => {
    expect(unwrittenFields(heldIn(planOf(text)), text)).toEqual([]);
  });

  it("shows every feature that Istio is said to have", () => {
    expect(unheldFeatures("istio", cases)).toEqual([]);
  });

  it("agrees with Istio's own schemas", () => {
    const manifests = cases.flatMap(({ text }) => manifestsOf(planOf(text)));
    const { checked, wrong } = againstIstioSchemas(manifests);
    expect(wrong).toEqual([]);
    expect(checked).toBeGreaterThan(100);
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

describe("what Cloud Service Mesh is told", () => {
  const managed = (text: string): Plan => render(modelOf(text), { flavour: "managed-csm" }).plan;
  /** Istio's cases, with what they prove of features that are its own here. */
  const its = cases.map((each) => ({ ...each, text: provenOn("istio-managed-csm", each.text) }));

  it.each(its)("$name writes the fields that it says", ({ text }) => {
    expect(unwrittenFields(heldIn(managed(text)), text)).toEqual([]);
  });

  it("shows every feature that it is said to have", () => {
    expect(unheldFeatures("istio-managed-csm", its)).toEqual([]);
  });

  it("agrees with Istio's own schemas", () => {
    const manifests = its.flatMap(({ text }) =>
      manifestsOf({ ...managed(text), resources: managed(text).resources.filter((r) => r.provider === "kubernetes") }),
    );
    const { checked, wrong } = againstIstioSchemas(manifests);
    expect(wrong).toEqual([]);
    expect(checked).toBeGreaterThan(100);
  });
});
