import type { PlanResource } from "../../src/plan";
import { awsBackends, plans } from "./support/aws-meshes";
import { typeMistakes } from "./support/pulumi-types";

/** The provider's own types, @pulumi/aws and @pulumi/random: names and kinds of every property. */
describe("the AWS provider takes every property", () => {
  it.each(awsBackends)(
    "of %s",
    (backend) => {
      const resources = plans(backend).flatMap(({ name, plan }) =>
        plan.resources.map((resource) => ({ ...resource, id: `${name}: ${resource.id}` })),
      );
      expect(typeMistakes(resources)).toEqual([]);
      expect(resources.length).toBeGreaterThan(50);
    },
    60_000,
  );

  it("and the check sees a wrong name, a missing one and a wrong kind", () => {
    const mesh = (properties: object): PlanResource => ({
      id: "mesh",
      type: "aws:appmesh/virtualService:VirtualService",
      name: "m",
      properties: { ...properties },
      owner: "mesh",
      dependsOn: [],
      provider: "aws",
    });
    const mistakes = typeMistakes([
      mesh({ meshName: "m", spec: { provider: { virtualRoutr: {} } } }),
      mesh({ spec: {} }),
      mesh({ meshName: "m", name: { a: 1 }, spec: {} }),
    ]);
    expect(mistakes).toHaveLength(3);
    expect(mistakes[0]).toContain("virtualRoutr");
    expect(mistakes[1]).toContain("meshName");
  }, 60_000);
});
