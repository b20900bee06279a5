import { join } from "node:path";
import { isKubernetes, manifestsOf, type Plan, toYaml } from "../../../src/plan";
import { render } from "../../../src/renderers/istio";
import { casesIn, expectGolden, modelOf } from "../support/golden";
import { againstIstioSchemas } from "../support/istio-schemas";
import { shapeMistakes } from "../support/kubernetes-shapes";

const cases = casesIn(join(__dirname, "cases"));
const planOf = (text: string): Plan => render(modelOf(text)).plan;

/** `# golden: VirtualService, Gateway`: the kinds that a case is about; the rest of its Plan would only repeat. */
function shown(plan: Plan, text: string): string {
  const kinds = /^# golden: (.+)$/m.exec(text)?.[1]?.split(", ") ?? [];
  const resources = plan.resources.filter(({ type }) => kinds.includes(type.split(":").at(-1) ?? ""));
  const ids = new Set(resources.map(({ id }) => id));
  const standing = resources.map((each) => ({ ...each, dependsOn: each.dependsOn.filter((id) => ids.has(id)) }));
  return toYaml({ ...plan, resources: standing });
}

describe("what Istio is told", () => {
  it.each(cases)("$name", ({ name, text }) => {
    expectGolden(join(__dirname, "golden", `${name}.yaml`), shown(planOf(text), text));
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
