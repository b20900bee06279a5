import { isReference, type PlanResource } from "../../src/plan";
import { kindOf, stub, toApi } from "./support/aws-api";
import { awsBackends, plans } from "./support/aws-meshes";
import { botocoreIsThere, inputMistakes } from "./support/botocore";

/** AWS's own rules for every input: members, types, lengths, patterns, ranges and enums (botocore's service models). */
const suite = botocoreIsThere() ? describe : describe.skip;
if (!botocoreIsThere()) process.stderr.write("AWS inputs: skipped, botocore absent (tools/parts/build.sh gets it)\n");

const ofAws = ({ provider }: PlanResource): boolean => provider === "aws";

suite.each(awsBackends)("AWS takes every input of %s", (backend) => {
  it.each(plans(backend))("$name", ({ plan }) => {
    const resolve = stub(plan.resources);
    const mistakes = plan.resources.filter(ofAws).flatMap((resource) => {
      const { service, operation, input } = toApi(resource, resolve);
      return inputMistakes(service, operation, input).map((mistake) => `${resource.id}: ${mistake}`);
    });
    expect(mistakes).toEqual([]);
    expect(plan.resources.filter(ofAws).length).toBeGreaterThan(0);
  });
});

suite("the check itself", () => {
  const route = (spec: object): string[] =>
    inputMistakes("appmesh", "CreateRoute", { meshName: "m", virtualRouterName: "r", routeName: "a", spec });
  it("sees what AWS refuses", () => {
    const action = (weight: number) => ({ weightedTargets: [{ virtualNode: "n", weight }] });
    expect(route({ priority: 1001 })).toEqual(["CreateRoute.spec.priority: 1001 is more than 1000"]);
    expect(route({ httpRoute: { match: { prefix: "/" }, action: action(101) } })[0]).toContain("more than 100");
    expect(route({ httpRoute: { match: { method: "PURGE" }, action: action(1) } })[0]).toContain(
      "PURGE is none of GET",
    );
    expect(route({ httpRoute: { match: { prefx: "/" }, action: action(1) } })[0]).toContain("has no member prefx");
    expect(route({ httpRoute: { match: {} } })[0]).toContain("action is missing");
    expect(inputMistakes("vpc-lattice", "CreateService", { name: "svc-a" })[0]).toContain("does not match");
    expect(
      inputMistakes("vpc-lattice", "CreateTargetGroup", { name: "abc", type: "IP", config: { port: 0.5 } })[0],
    ).toContain("no whole number");
  });
  it("knows an AWS call for every type that a rendering has", () => {
    for (const backend of awsBackends)
      for (const { plan } of plans(backend))
        for (const resource of plan.resources.filter(ofAws)) {
          expect(kindOf(resource).create).toMatch(/^(Create|Register)/);
          expect(isReference(resource.properties)).toBe(false);
        }
  });
});
