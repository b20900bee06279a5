import type { Finding } from "../../model/finding";
import { keyOf, type Model, type Route, type Service } from "../../model/model";
import { isReference, type PlanResource } from "../../plan/plan";
import { sharesOf } from "../shares";
import { tooMuch } from "./matches";
import { latticePorts } from "./protocols";
import { domainNames, IDLE_SECONDS, idleSeconds } from "./services";
import { HEALTH_RANGES, type HealthNumber, vpc } from "./target-groups";

/** Priorities run from 1 to 2000, and a rule forwards to at most ten target groups (API model, 2022-11-30). */
const MOST_RULES = 2000;
const MOST_GROUPS = 10;

/** What only this renderer can know; what Lattice cannot say at all is in the capability table. */
export const losses = (model: Model, resources: readonly PlanResource[]): Finding[] => [
  ...model.routes.flatMap((route) => routeLosses(model, route)),
  ...crowded(model, resources),
  ...sameNames(resources),
  ...model.services.flatMap((service) => serviceLosses(model, service)),
  ...settingLosses(model),
  ...workloads(model),
];

function routeLosses(model: Model, route: Route): Finding[] {
  return route.rules.flatMap((rule) => {
    const found: Finding[] = [];
    for (const match of rule.matches) {
      const why = tooMuch(match);
      if (why !== undefined)
        found.push({
          code: "MESH2311",
          level: "error",
          path: match.path,
          message: `VPC Lattice cannot write this match, which is left out: ${why}`,
          remedy: "Match on less, or in the application.",
        });
    }
    if (rule.backends.length <= MOST_GROUPS && sharesOf(model, rule).length > MOST_GROUPS)
      found.push({
        code: "MESH2316",
        level: "error",
        path: rule.path,
        message: `with a share for each version this rule has more than the ${MOST_GROUPS} target groups of a listener rule`,
        remedy: "Name the versions that it is for.",
      });
    return found;
  });
}

function crowded(model: Model, resources: readonly PlanResource[]): Finding[] {
  const counts = new Map<string, number>();
  return resources.flatMap(({ properties, owner }): Finding[] => {
    const listener = properties.listenerIdentifier;
    if (!isReference(listener)) return [];
    const count = (counts.get(listener.$ref) ?? 0) + 1;
    counts.set(listener.$ref, count);
    if (count !== MOST_RULES + 1) return [];
    const route = model.routes.find((each) => owner === `route:${keyOf(each)}`);
    return [
      {
        code: "MESH2312",
        level: "error",
        path: route?.path ?? "",
        message: `${listener.$ref} needs more than ${MOST_RULES} listener rules, and Lattice's priorities end there`,
        remedy: "Split the service.",
      },
    ];
  });
}

/** Names are flat, and a long one is cut. */
function sameNames(resources: readonly PlanResource[]): Finding[] {
  const first = new Map<string, PlanResource>();
  return resources
    .filter(({ type }) => type === "aws:vpclattice/targetGroup:TargetGroup")
    .flatMap((group): Finding[] => {
      const name = String(group.properties.name);
      const other = first.get(name);
      first.set(name, other ?? group);
      if (other === undefined) return [];
      return [
        {
          code: "MESH2317",
          level: "error",
          path: "",
          message: `${other.id} and ${group.id} would both be called ${name} on VPC Lattice`,
          remedy: "Rename a service, a version or a namespace.",
        },
      ];
    });
}

const numbers: readonly HealthNumber[] = ["intervalMs", "timeoutMs", "healthyThreshold", "unhealthyThreshold"];

function serviceLosses(model: Model, service: Service): Finding[] {
  const found: Finding[] = [];
  const say = (code: string, level: Finding["level"], path: string, message: string, remedy: string): void =>
    void found.push({ code, level, path, message, remedy });
  const names = domainNames(model, service);
  if (names.length > 1)
    say(
      "MESH2318",
      "error",
      service.path,
      `the routes of ${service.name} answer to ${names.join(", ")}, and a Lattice service has one domain name`,
      "Keep one of them, or make services of them.",
    );
  if (names.length === 0 && latticePorts(service).some(({ protocol }) => protocol === "tls"))
    say(
      "MESH2319",
      "error",
      service.path,
      `${service.name} passes TLS through, and Lattice tells such connections apart by the service's domain name: it has none`,
      "Give its TLS route a hostname.",
    );
  const check = service.traffic.healthCheck;
  if (check?.kind === "http")
    for (const key of numbers) {
      const [low, high] = HEALTH_RANGES[key];
      if (check[key] < low || check[key] > high)
        say(
          "MESH2350",
          "warning",
          check.path,
          `Lattice takes ${key.replace("Ms", "")} of a health check from ${low} to ${high}${key.endsWith("Ms") ? " ms" : ""} only: ${check[key]} becomes the nearest of them`,
          "Choose a value in that range.",
        );
    }
  const idle = idleSeconds(model, service);
  if (idle !== undefined && (idle < IDLE_SECONDS.least || idle > IDLE_SECONDS.most))
    say(
      "MESH2351",
      "warning",
      service.path,
      `Lattice takes idle timeouts from ${IDLE_SECONDS.least} to ${IDLE_SECONDS.most} s only: ${idle} s becomes the nearest of them`,
      "Choose a value in that range.",
    );
  return found;
}

function settingLosses(model: Model): Finding[] {
  const settings = model.backends["vpc-lattice"]?.settings ?? {};
  const found: Finding[] = [];
  const missing = (code: string, level: Finding["level"], key: string, message: string, remedy: string): void =>
    void found.push({ code, level, path: `backends.vpc-lattice.${key}`, message, remedy });
  if (vpc(model) === undefined && model.services.length > 0)
    missing(
      "MESH2313",
      "error",
      "vpcId",
      "VPC Lattice needs the VPC that the targets are in, and none is given",
      "Set spec.backends.vpc-lattice.vpcId to the VPC's id.",
    );
  if (model.telemetry.accessLogs !== undefined && settings.accessLogDestinationArn === undefined)
    missing(
      "MESH2315",
      "warning",
      "accessLogDestinationArn",
      "access logs are asked for, and Lattice is not told where to write them: there will be none",
      "Set spec.backends.vpc-lattice.accessLogDestinationArn to the ARN of a log group, a bucket or a stream.",
    );
  const named = model.services.some(
    (service) =>
      domainNames(model, service).length > 0 && latticePorts(service).some(({ protocol }) => protocol !== "tls"),
  );
  if (named && settings.certificateArn === undefined)
    missing(
      "MESH2352",
      "warning",
      "certificateArn",
      "services have domain names of their own, and no certificate for them: HTTPS clients will refuse Lattice's own",
      "Set spec.backends.vpc-lattice.certificateArn to a certificate of ACM that covers these names.",
    );
  return found;
}

function workloads(model: Model): Finding[] {
  const workload = model.services.flatMap(({ versions }) => versions).find((version) => version.workload !== undefined);
  if (workload === undefined) return [];
  return [
    {
      code: "MESH2314",
      level: "info",
      path: workload.path,
      message: "Lattice's resources do not include workloads: tasks or pods are yours to run",
      remedy:
        "Register them in the target group of their version (EKS: a TargetGroupPolicy and the Gateway API controller; ECS: the service's vpcLatticeConfigurations).",
    },
  ];
}
