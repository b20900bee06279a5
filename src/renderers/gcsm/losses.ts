import type { Finding } from "../../model/finding";
import { routesFor } from "../../model/lookup";
import type { Model } from "../../model/model";
import { policiesFor } from "./authorization";
import { settingFindings } from "./settings";

/** What only this renderer can know; what Google cannot say at all is in the capability table. */
export function losses(model: Model): Finding[] {
  const findings = settingFindings(model);
  for (const service of model.services) {
    const actions = new Set(policiesFor(model, service).map(({ action }) => action));
    if (actions.size > 1)
      findings.push({
        code: "MESH2322",
        level: "error",
        path: service.path,
        message: `${service.name} has ALLOW and DENY policies, and an endpoint on Google Cloud carries one policy of one action`,
        remedy: "Write what is denied as an exception of what is allowed.",
      });
    const attached = routesFor(model, service);
    if (attached.length > 1)
      findings.push({
        code: "MESH2323",
        level: "error",
        path: attached[1]?.path ?? service.path,
        message: `${attached.length} routes are attached to ${service.name}, and a host name may stand in one route of a Google Mesh only`,
        remedy: "Write them as one route.",
      });
  }
  for (const route of model.routes.filter(({ kind }) => kind === "grpc"))
    for (const match of route.rules.flatMap((rule) => rule.matches))
      if (match.grpc !== undefined && (match.grpc.service === undefined || match.grpc.method === undefined))
        findings.push({
          code: "MESH2324",
          level: "error",
          path: match.path || route.path,
          message: "a GrpcRoute of Google matches a method together with its service",
          remedy: "Name service and method, or match neither.",
        });
  const workload = model.services
    .flatMap((service) => service.versions)
    .find((version) => version.workload !== undefined);
  if (workload !== undefined)
    findings.push({
      code: "MESH2325",
      level: "info",
      path: workload.path,
      message: "Google's service routing does not include workloads: pods or virtual machines are yours to run",
      remedy:
        "Put their endpoints into the network endpoint group of their version; on GKE a Service's annotation cloud.google.com/neg does it.",
    });
  return findings;
}
