import { routesFor } from "../../model/lookup";
import type { Finding } from "../../model/finding";
import type { Model } from "../../model/model";
import { matchesOf } from "./matches";
import { vpc } from "./target-groups";

const MOST_RULES = 2000;
const PATH = /^\/[a-zA-Z0-9@:%_+.~#?&/=-]*$/;

/** What only this renderer can know; what Lattice cannot say at all is in the capability table. */
export function losses(model: Model): Finding[] {
  const findings: Finding[] = [];
  for (const route of model.routes)
    for (const match of route.rules.flatMap((rule) => rule.matches))
      if (
        match.uri !== undefined &&
        match.uri.kind !== "regex" &&
        (!PATH.test(match.uri.value) || match.uri.value.length > 199)
      )
        findings.push({
          code: "MESH2311",
          level: "error",
          path: `${match.path}.path`,
          message: `VPC Lattice takes no path like ${JSON.stringify(match.uri.value)}: at most 200 of the characters a-z A-Z 0-9 @ : % _ + . ~ # ? & / = -`,
          remedy: "Match a shorter path, or match it in the application.",
        });
  for (const service of model.services) {
    const rules = routesFor(model, service)
      .flatMap((route) => route.rules.map((rule) => matchesOf(rule, route.kind === "grpc" ? "grpc" : "http").length))
      .reduce((sum, count) => sum + count, 0);
    if (rules > MOST_RULES)
      findings.push({
        code: "MESH2312",
        level: "error",
        path: service.path,
        message: `the routes of ${service.name} need ${rules} listener rules, and Lattice's priorities end at ${MOST_RULES}`,
        remedy: "Split the service.",
      });
  }
  if (vpc(model) === undefined && model.services.length > 0)
    findings.push({
      code: "MESH2313",
      level: "error",
      path: "backends.vpc-lattice.vpcId",
      message: "VPC Lattice needs the VPC that the targets are in, and none is given",
      remedy: "Set spec.backends.vpc-lattice.vpcId to the VPC's id.",
    });
  const workload = model.services
    .flatMap((service) => service.versions)
    .find((version) => version.workload !== undefined);
  if (workload !== undefined)
    findings.push({
      code: "MESH2314",
      level: "info",
      path: workload.path,
      message: "Lattice's resources do not include workloads: tasks or pods are yours to run",
      remedy:
        "Register them in the target group of their version (EKS: a TargetGroupPolicy and the Gateway API controller; ECS: the service's vpcLatticeConfigurations).",
    });
  return findings;
}
