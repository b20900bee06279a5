import { guessedIdentities } from "../identities";
import type { Finding } from "../../model/finding";
import { routesFor } from "../../model/lookup";
import { keyOf, type Model } from "../../model/model";
import { coversPartly } from "../authorization-targets";
import { policiesFor } from "./authorization";
import { versionsOrNone } from "./backends";
import { backendName } from "./names";
import { settingFindings } from "./settings";

/** What only this renderer can know; what Google cannot say at all is in the capability table. */
export function losses(model: Model): Finding[] {
  const findings = [...settingFindings(model), ...guessedIdentities(model)];
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
    const partly = policiesFor(model, service).find((policy) => coversPartly(policy, service));
    if (partly !== undefined)
      findings.push({
        code: "MESH2326",
        level: "error",
        path: partly.path,
        message: `policy ${partly.name} selects some of the pods of ${service.name}, and an endpoint policy is for all that carry the service's labels`,
        remedy: "Select by the service's own labels, or make the versions services of their own.",
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
  findings.push(...sharedNames(model), ...sharedStreams(model), ...sameResources(model));
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

/** A host name stands in one route of a mesh, and in one of a gateway. */
function sharedNames(model: Model): Finding[] {
  const taken = new Map<string, string>();
  return model.routes.flatMap((route) => {
    const where = [
      ...(route.parents.some(({ kind }) => kind === "service") ? ["mesh"] : []),
      ...route.parents.flatMap((parent) =>
        parent.kind === "gateway" ? [`${keyOf(parent)} ${parent.listener ?? ""}`] : [],
      ),
    ];
    const clash = route.hostnames.find((host) =>
      where.some((place) => (taken.get(`${place} ${host}`) ?? route.path) !== route.path),
    );
    for (const place of where) for (const host of route.hostnames) taken.set(`${place} ${host}`, route.path);
    if (clash === undefined) return [];
    return [
      {
        code: "MESH2327",
        level: "error" as const,
        path: `${route.path}.hostnames`,
        message: `the host name ${clash} stands in another route too, and Google takes it in one route of a Mesh or Gateway only`,
        remedy: "Write the rules for one host in one route.",
      },
    ];
  });
}

/** A TCP route has no names: its port alone tells whose connection it is. */
function sharedStreams(model: Model): Finding[] {
  const taken = new Map<number, string>();
  return model.services.flatMap((service) =>
    service.ports
      .filter(({ protocol }) => protocol === "tcp")
      .flatMap(({ port, path }) => {
        const other = taken.get(port);
        taken.set(port, service.name);
        if (other === undefined) return [];
        return [
          {
            code: "MESH2328",
            level: "error" as const,
            path: path || service.path,
            message: `${other} and ${service.name} both have the TCP port ${port}, by which alone Google tells their connections apart`,
            remedy: "Give them different ports.",
          },
        ];
      }),
  );
}

/** Names are joined by hyphens, so two things may come out the same. */
function sameResources(model: Model): Finding[] {
  const taken = new Map<string, string>();
  return model.services.flatMap((service) =>
    service.ports.flatMap((port) =>
      versionsOrNone(service).flatMap((version) => {
        const name = backendName(model, service, version, port);
        const other = taken.get(name);
        taken.set(name, version?.path ?? service.path);
        if (other === undefined) return [];
        return [
          {
            code: "MESH2329",
            level: "error" as const,
            path: version?.path ?? service.path,
            message: `the backend service ${name} would be that of ${other} too`,
            remedy: "Name the service or the version otherwise.",
          },
        ];
      }),
    ),
  );
}
