import type { Finding } from "../../model/finding";
import { keyOf, type Gateway, type Model, type Route, type Service } from "../../model/model";
import { isReference, type PlanResource } from "../../plan/plan";
import { sharesOf, versionsOrNone } from "../shares";
import { effectiveMtls } from "../../model/lookup";
import { furtherNames, reached } from "./backends";
import { vpcOf } from "./cloud-map";
import { grpcServices } from "./gateways";
import { tooMuch } from "./matches";
import { accessLogTooLong } from "./telemetry";
import { HEALTH_RANGES, type HealthNumber } from "./traffic";
import { MOST_ROUTES, MOST_TARGETS } from "./units";

/** AWS ended App Mesh on 2026-09-30 (docs.aws.amazon.com/app-mesh, read 2026-11-23); every rendering says so. */
export const endOfLife: Finding = {
  code: "MESH2301",
  level: "warning",
  path: "",
  message:
    "AWS App Mesh ended on 2026-09-30: its console and resources can no longer be reached, so this can be rendered and compared, but not deployed",
  remedy:
    "Move to VPC Lattice (EKS, ECS) or ECS Service Connect (ECS): `meshup capabilities FILE --from appmesh --to vpc-lattice` lists what this mesh would lose.",
};

/** What only this renderer can know; what the backend cannot say at all is in the capability table. */
export const losses = (model: Model, resources: readonly PlanResource[]): Finding[] => [
  endOfLife,
  ...crowded(model, resources),
  ...model.routes.flatMap((route) => routeLosses(model, route)),
  ...model.services.flatMap((service) => serviceLosses(model, service)),
  ...model.gateways.flatMap((gateway) => gatewayLosses(model, gateway)),
  ...hostsOfTwo(model),
  ...accessLogTooLong(model),
  ...unresolvable(model),
  ...workloads(model),
];

/** Priorities of one router end. */
function crowded(model: Model, resources: readonly PlanResource[]): Finding[] {
  const counts = new Map<string, number>();
  return resources.flatMap(({ properties, owner }): Finding[] => {
    const router = properties.virtualRouterName ?? properties.virtualGatewayName;
    if (!isReference(router)) return [];
    const count = (counts.get(router.$ref) ?? 0) + 1;
    counts.set(router.$ref, count);
    if (count !== MOST_ROUTES + 1) return [];
    const route = model.routes.find((each) => owner === `route:${keyOf(each)}`);
    return [
      {
        code: "MESH2302",
        level: "error",
        path: route?.path ?? "",
        message: `${router.$ref} needs more than ${MOST_ROUTES} App Mesh routes, and priorities end there`,
        remedy: "Split the route over several services.",
      },
    ];
  });
}

function routeLosses(model: Model, route: Route): Finding[] {
  return route.rules.flatMap((rule) => [
    ...rule.matches.flatMap((match): Finding[] => {
      const why = tooMuch(match);
      if (why === undefined) return [];
      const message = `App Mesh cannot write this match, which is left out: ${why}`;
      return [{ code: "MESH2304", level: "error", path: match.path, message, remedy: "Match on less." }];
    }),
    ...(rule.backends.length <= MOST_TARGETS && sharesOf(model, rule).length > MOST_TARGETS
      ? [
          {
            code: "MESH2306",
            level: "error" as const,
            path: rule.path,
            message: `with a share for each version this rule has more than the ${MOST_TARGETS} targets of an App Mesh route`,
            remedy: "Name the versions that it is for.",
          },
        ]
      : []),
  ]);
}

const numbers: readonly HealthNumber[] = ["intervalMs", "timeoutMs", "healthyThreshold", "unhealthyThreshold"];

function serviceLosses(model: Model, service: Service): Finding[] {
  const found: Finding[] = [];
  const { services, externals } = reached(model, service);
  const encrypted = services.some((each) =>
    each.ports.some((port) => versionsOrNone(each).some((v) => effectiveMtls(model, each, port, v) !== "DISABLE")),
  );
  if ((encrypted && externals.length > 0) || externals.length > 1)
    found.push({
      code: "MESH2305",
      level: "error",
      path: service.path,
      message: `the routes of ${service.name} lead outside as well, and an App Mesh client has one TLS policy for all that a name leads to`,
      remedy: "Give what lies outside a name of its own, and call it by that.",
    });
  const check = service.traffic.healthCheck;
  if (check !== undefined)
    for (const key of numbers) {
      const [low, high] = HEALTH_RANGES[key];
      if (check[key] < low || check[key] > high)
        found.push({
          code: "MESH2308",
          level: "warning",
          path: check.path,
          message: `App Mesh takes ${key.replace("Ms", "")} of a health check from ${low} to ${high}${key.endsWith("Ms") ? " ms" : ""} only: ${check[key]} becomes the nearest of them`,
          remedy: "Choose a value in that range.",
        });
    }
  return found;
}

/** A gateway route of gRPC is chosen by its service alone (provider for AWS, 7.48). */
function gatewayLosses(model: Model, gateway: Gateway): Finding[] {
  const grpc = model.routes.filter(
    (route) =>
      route.kind === "grpc" &&
      route.parents.some((parent) => parent.kind === "gateway" && keyOf(parent) === keyOf(gateway)),
  );
  return grpc.flatMap((route): Finding[] => {
    const whole = route.rules.some(
      (rule) => rule.matches.length === 0 || rule.matches.some((match) => match.grpc?.service === undefined),
    );
    const shared = grpc.find(
      (other) => other !== route && grpcServices(other).some((name) => grpcServices(route).includes(name)),
    );
    if (!whole && shared === undefined) return [];
    return [
      {
        code: "MESH2307",
        level: "error",
        path: route.path,
        message: whole
          ? `a gRPC gateway route of App Mesh is chosen by its gRPC service, and ${route.name} has a rule that names none`
          : `a gRPC gateway route of App Mesh is chosen by its gRPC service alone, and ${route.name} and ${shared?.name} name the same`,
        remedy: "Name the gRPC service in each match, in one route of the gateway.",
      },
    ];
  });
}

/** A virtual service's name is unique in its mesh, whatever the port; wildcards are none. */
function hostsOfTwo(model: Model): Finding[] {
  const first = new Map<string, Service>();
  const found: Finding[] = [];
  for (const service of model.services)
    for (const host of furtherNames(model, service)) {
      const other = first.get(host);
      first.set(host, other ?? service);
      if (other !== undefined)
        found.push({
          code: "MESH2309",
          level: "error",
          path: service.path,
          message: `routes of ${other.name} and ${service.name} answer to ${host}, and an App Mesh virtual service has one router for all ports`,
          remedy: "Give one of them another host name.",
        });
    }
  for (const route of model.routes)
    if (
      route.parents.some((parent) => parent.kind === "service") &&
      route.hostnames.some((host) => host.startsWith("*"))
    )
      found.push({
        code: "MESH2340",
        level: "error",
        path: route.path,
        message: "inside the mesh App Mesh knows no wildcard host names, only at a gateway",
        remedy: "Name the hosts one by one.",
      });
  return found;
}

function unresolvable(model: Model): Finding[] {
  if (vpcOf(model) !== undefined || model.services.length === 0) return [];
  return [
    {
      code: "MESH2341",
      level: "info",
      path: "backends.appmesh.vpcId",
      message:
        "without a VPC, Cloud Map has no DNS, and clients must resolve the names of virtual services in another way",
      remedy: "Set spec.backends.appmesh.vpcId to the VPC's id, and names resolve in it.",
    },
  ];
}

function workloads(model: Model): Finding[] {
  const workload = model.services
    .flatMap((service) => service.versions)
    .find((version) => version.workload !== undefined);
  if (workload === undefined) return [];
  return [
    {
      code: "MESH2303",
      level: "info",
      path: workload.path,
      message: "App Mesh's resources do not include workloads: tasks or pods with the Envoy container are yours to run",
      remedy: "Register them in the Cloud Map services of the same name, one for each version.",
    },
  ];
}
