import type { Finding } from "../../model/finding";
import { effectiveMtls } from "../../model/lookup";
import {
  keyOf,
  type AuthorizationPolicy,
  type MtlsMode,
  type Port,
  type RateLimit,
  type Service,
  type Version,
} from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import { coversPartly, deniedByDefault } from "../authorization-targets";
import { Kept } from "../kept";
import { type Admission, admissionTo, authorizationsFor } from "./authorization";
import { type Context, linkerdResource } from "./context";
import { serverOf } from "./names";
import { policiesFor } from "./targets";

/**
 * `grpc` is read as HTTP/2: a Server of protocol gRPC knows neither HTTPRoutes nor rate limits
 * (policy-controller/grpc/src/inbound.rs, 2026-08).
 */
const proxyProtocols = { http: "HTTP/1", http2: "HTTP/2", grpc: "HTTP/2", tcp: "opaque", tls: "TLS" } as const;

interface Guard {
  readonly port: Port;
  readonly accessPolicy: string;
  readonly limits: readonly RateLimit[];
  readonly admission: Admission;
}

/** A pod's port has one Server at most, whatever number of service ports lead to it. */
const podPorts = (service: Service): readonly Port[] =>
  service.ports.filter((port, p) => service.ports.findIndex((each) => each.targetPort === port.targetPort) === p);

/** What is asked of a port: authorization, a default that denies, a limit. */
function asked({ model }: Context, service: Service, port: Port) {
  const policies = policiesFor(model, service);
  const denied = deniedByDefault(model, service);
  const requests = port.protocol !== "tcp" && port.protocol !== "tls" && !port.serverFirst;
  const limits = requests
    ? service.traffic.rateLimits.filter(({ by }) => by === undefined || by.kind === "client")
    : [];
  return { policies, denied, limits, any: policies.length > 0 || denied || limits.length > 0 };
}

/** The proxy leaves a port with mTLS off alone, unless something is asked there: that would be lost. */
export const isSkipped = (context: Context, service: Service, port: Port, version: Version): boolean =>
  effectiveMtls(context.model, service, port, version) === "DISABLE" && !asked(context, service, port).any;

const guards = (context: Context, service: Service): readonly Guard[] =>
  kept.of([context], service, () => guardsOf(context, service));
const kept = new Kept<readonly Guard[]>();

function guardsOf(context: Context, service: Service): readonly Guard[] {
  return podPorts(service).flatMap((port): Guard[] => {
    const mode = effectiveMtls(context.model, service, port);
    const { policies, denied, limits, any } = asked(context, service, port);
    if (mode !== "STRICT" && !any) return [];
    const accessPolicy = accessPolicyOf(mode, policies, denied);
    const closes = accessPolicy === "deny" || accessPolicy === "all-authenticated";
    return [{ port, accessPolicy, limits, admission: admissionTo(context, service, port, mode, policies, closes) }];
  });
}

/** What a Server does with what no AuthorizationPolicy lets through; alone it would deny everybody. */
function accessPolicyOf(mode: MtlsMode, policies: readonly AuthorizationPolicy[], denied: boolean): string {
  if (denied || policies.some(({ action }) => action === "ALLOW")) return "deny";
  if (mode === "STRICT") return "all-authenticated";
  return policies.some(({ action }) => action === "AUDIT") ? "audit" : "all-unauthenticated";
}

/** A Server for every port that something is asked of, with the policies that let through what may come. */
export const servers = (context: Context, service: Service): readonly PlanResource[] =>
  guards(context, service).flatMap(({ port, accessPolicy, limits, admission }) => {
    const server = linkerdResource(context, {
      kind: "Server",
      ref: serverOf(service, port.targetPort),
      spec: {
        podSelector: { matchLabels: service.labels },
        port: port.targetPort,
        proxyProtocol: port.serverFirst ? "opaque" : proxyProtocols[port.protocol],
        accessPolicy,
      },
      owner: `service:${keyOf(service)}`,
    });
    return [
      server,
      ...authorizationsFor(context, service, port, admission, server),
      ...(limits.length === 0 ? [] : [rateLimit(context, service, port, limits, server.id)]),
    ];
  });

/** Linkerd counts whole requests a second; a slower limit is at least one. */
const perSecond = ({ requests, perMs }: RateLimit): number => Math.max(1, Math.round((requests * 1000) / perMs));

function rateLimit(
  context: Context,
  service: Service,
  port: Port,
  limits: readonly RateLimit[],
  server: string,
): PlanResource {
  const strictest = (kind: "client" | undefined): number =>
    Math.min(...limits.filter(({ by }) => by?.kind === kind).map(perSecond));
  const total = strictest(undefined);
  // The webhook refuses a client's limit above the limit of all.
  const identity = Math.min(strictest("client"), total);
  const each = strictest("client") === Infinity ? Infinity : identity;
  const { name, namespace } = serverOf(service, port.targetPort);
  return linkerdResource(context, {
    kind: "HTTPLocalRateLimitPolicy",
    ref: { name, namespace },
    spec: {
      targetRef: { group: "policy.linkerd.io", kind: "Server", name },
      ...(total !== Infinity && { total: { requestsPerSecond: total } }),
      ...(each !== Infinity && { identity: { requestsPerSecond: each } }),
    },
    owner: `service:${keyOf(service)}`,
    dependsOn: [server],
  });
}

/** Servers that the webhook would refuse, and policies whose reach a Server cannot follow. */
export function serverFindings(context: Context): Finding[] {
  const known = new Map<string, Service>();
  return context.model.services.flatMap((service) => {
    const found: Finding[] = [];
    for (const { port, admission } of guards(context, service)) {
      const labels = Object.entries(service.labels).sort(([a], [b]) => (a < b ? -1 : 1));
      const key = JSON.stringify([service.namespace, labels, port.targetPort]);
      const other = known.get(key);
      known.set(key, service);
      if (other !== undefined)
        found.push({
          code: "MESH2211",
          level: "error",
          path: port.path || service.path,
          message: `${other.name} and ${service.name} select the same pods, and a pod's port ${port.targetPort} takes one Server of Linkerd`,
          remedy: "Give the services labels of their own, or write one service with both ports.",
        });
      const host = admission.grants
        .flatMap(({ regions }) => regions)
        .find((region) => region.host !== undefined && !/^(\*\.)?[a-z0-9.-]+$/.test(region.host))?.host;
      if (host !== undefined)
        found.push({
          code: "MESH2212",
          level: "error",
          path: service.path,
          message: `a policy on ${service.name} names the host ${host}, and a route takes a host or *.DOMAIN`,
          remedy: "Name the hosts.",
        });
      if (admission.ambiguous)
        found.push({
          code: "MESH2213",
          level: "warning",
          path: service.path,
          message: `policies on port ${port.targetPort} of ${service.name} name paths that overlap, and Linkerd judges a request by one route: callers that only the other lets in may be refused`,
          remedy: "Name paths that do not overlap, or give the rules the same methods.",
        });
    }
    const partly = policiesFor(context.model, service).find((policy) => coversPartly(policy, service));
    if (partly !== undefined)
      found.push({
        code: "MESH2214",
        level: "error",
        path: partly.path,
        message: `policy ${partly.name} selects some of the pods of ${service.name}, and a Server of Linkerd is for all of them`,
        remedy: "Select by the service's own labels, or make the versions services of their own.",
      });
    return found;
  });
}
