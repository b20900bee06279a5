import { effectiveMtls } from "../../model/lookup";
import {
  keyOf,
  type AuthorizationPolicy,
  type MtlsMode,
  type Port,
  type RateLimit,
  type Service,
} from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import { authorizationsFor } from "./authorization";
import { type Context, linkerdResource } from "./context";
import { serverOf } from "./names";
import { policiesFor } from "./targets";

const proxyProtocols = { http: "HTTP/1", http2: "HTTP/2", grpc: "gRPC", tcp: "opaque", tls: "TLS" } as const;

/**
 * A Server for every port that something is asked of: mTLS that is required, authorization, a rate limit. A Server
 * alone denies everybody, so each says what it lets through, or comes with the policies that do.
 */
export function servers(context: Context, service: Service): PlanResource[] {
  return service.ports.flatMap((port) => {
    const mode = effectiveMtls(context.model, service, port);
    // The proxy leaves a port with mTLS off alone, so nothing can be asked there.
    if (mode === "DISABLE") return [];
    const policies = policiesFor(context.model, service);
    const limits = service.traffic.rateLimits.filter(({ by }) => by === undefined || by.kind === "client");
    if (mode !== "STRICT" && policies.length === 0 && limits.length === 0) return [];
    const server = serverResource(context, service, port, accessPolicy(mode, policies));
    return [
      server,
      ...authorizationsFor(context, service, port, policies, server),
      ...(limits.length === 0 ? [] : [rateLimit(context, service, port, limits, server.id)]),
    ];
  });
}

/** What a Server does with what no AuthorizationPolicy lets through. */
function accessPolicy(mode: MtlsMode, policies: readonly AuthorizationPolicy[]): string {
  if (policies.some(({ action }) => action === "ALLOW")) return "deny";
  if (policies.some(({ action }) => action === "AUDIT")) return "audit";
  return mode === "STRICT" ? "all-authenticated" : "all-unauthenticated";
}

const serverResource = (context: Context, service: Service, port: Port, accessPolicy: string): PlanResource =>
  linkerdResource(context, {
    kind: "Server",
    ref: serverOf(service, port.port),
    spec: {
      podSelector: { matchLabels: service.labels },
      port: port.targetPort,
      proxyProtocol: port.serverFirst ? "opaque" : proxyProtocols[port.protocol],
      accessPolicy,
    },
    owner: `service:${keyOf(service)}`,
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
  const strictest = (kind: "client" | undefined): number | undefined => {
    const rates = limits.filter(({ by }) => by?.kind === kind).map(perSecond);
    return rates.length === 0 ? undefined : Math.min(...rates);
  };
  const [total, identity] = [strictest(undefined), strictest("client")];
  const { name, namespace } = serverOf(service, port.port);
  return linkerdResource(context, {
    kind: "HTTPLocalRateLimitPolicy",
    ref: { name, namespace },
    spec: {
      targetRef: { group: "policy.linkerd.io", kind: "Server", name },
      ...(total !== undefined && { total: { requestsPerSecond: total } }),
      ...(identity !== undefined && { identity: { requestsPerSecond: identity } }),
    },
    owner: `service:${keyOf(service)}`,
    dependsOn: [server],
  });
}
