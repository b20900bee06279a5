import type { LoadBalancing, LoadBalancingPolicy, Port, Traffic } from "../../model/model";
import { duration } from "./units";

type Fields = Readonly<Record<string, unknown>>;

const policies: Readonly<Record<LoadBalancingPolicy, string>> = {
  ROUND_ROBIN: "ROUND_ROBIN",
  LEAST_REQUEST: "LEAST_REQUEST",
  PEAK_EWMA: "LEAST_REQUEST",
  RANDOM: "RANDOM",
  RING_HASH: "RING_HASH",
  MAGLEV: "MAGLEV",
};

/** A hash key has no effect without a hashing policy, and the other way round: both are written or neither. */
export function balancing({ loadBalancing: lb }: Traffic): Fields {
  if (lb.affinity !== undefined)
    return {
      localityLbPolicy: "RING_HASH",
      sessionAffinity: "HTTP_COOKIE",
      consistentHash: cookie(lb.affinity.cookie, lb.affinity.cookiePath, lb.affinity.ttlMs, lb),
    };
  const hashing = lb.policy === "RING_HASH" || lb.policy === "MAGLEV";
  return { localityLbPolicy: policies[lb.policy], ...(hashing && hashKey(lb)) };
}

function hashKey(lb: LoadBalancing): Fields {
  const [key] = lb.hashOn;
  const ring = lb.minimumRingSize === undefined ? {} : { minimumRingSize: lb.minimumRingSize };
  switch (key?.kind) {
    case "header":
      return { sessionAffinity: "HEADER_FIELD", consistentHash: { httpHeaderName: key.name, ...ring } };
    case "cookie":
      return {
        sessionAffinity: "HTTP_COOKIE",
        consistentHash: cookie(key.name, key.cookiePath, key.ttlMs, lb),
      };
    default:
      return { sessionAffinity: "CLIENT_IP", ...(Object.keys(ring).length > 0 && { consistentHash: ring }) };
  }
}
const cookie = (name: string, path: string, ttlMs: number, lb: LoadBalancing): Fields => ({
  httpCookie: { name, path, ttl: duration(ttlMs) },
  ...(lb.minimumRingSize !== undefined && { minimumRingSize: lb.minimumRingSize }),
});

export function circuitBreakers({ connectionPool: pool }: Traffic): Fields {
  const limits = {
    ...(pool.maxConnections !== undefined && { maxConnections: pool.maxConnections }),
    ...(pool.maxPendingRequests !== undefined && { maxPendingRequests: pool.maxPendingRequests }),
    ...(pool.maxRequests !== undefined && { maxRequests: pool.maxRequests }),
    ...(pool.maxRequestsPerConnection !== undefined && { maxRequestsPerConnection: pool.maxRequestsPerConnection }),
    ...(pool.maxRetries !== undefined && { maxRetries: pool.maxRetries }),
  };
  return Object.keys(limits).length === 0 ? {} : { circuitBreakers: limits };
}

/** Only what the model means is enforced: Google would also eject by success rate. */
export function outlierDetection({ outlierDetection: outlier }: Traffic): Fields {
  if (outlier === undefined) return {};
  const gateway = outlier.consecutiveGatewayErrors;
  return {
    outlierDetection: {
      consecutiveErrors: outlier.consecutive5xx,
      enforcingConsecutiveErrors: outlier.consecutive5xx > 0 ? 100 : 0,
      ...(gateway !== undefined && { consecutiveGatewayFailure: gateway }),
      enforcingConsecutiveGatewayFailure: gateway === undefined ? 0 : 100,
      enforcingSuccessRate: 0,
      interval: duration(outlier.intervalMs),
      baseEjectionTime: duration(outlier.baseEjectionTimeMs),
      maxEjectionPercent: Math.round(outlier.maxEjectionPercent),
    },
  };
}

const within = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, Math.round(value)));
const SERVING = { portSpecification: "USE_SERVING_PORT" };

/** Required by every backend service; without one in the model, does the port answer at all? */
export function healthCheck(port: Port, { healthCheck: check }: Traffic): Fields {
  if (check === undefined)
    return { checkIntervalSec: 10, timeoutSec: 5, healthyThreshold: 2, unhealthyThreshold: 3, tcpHealthCheck: SERVING };
  const interval = within(check.intervalMs / 1000, 1, 300);
  const where = check.port === undefined ? SERVING : { portSpecification: "USE_FIXED_PORT", port: check.port };
  const path = { requestPath: check.httpPath ?? "/" };
  return {
    checkIntervalSec: interval,
    // Google refuses a timeout longer than the interval.
    timeoutSec: within(check.timeoutMs / 1000, 1, interval),
    healthyThreshold: within(check.healthyThreshold, 1, 10),
    unhealthyThreshold: within(check.unhealthyThreshold, 1, 10),
    ...(check.kind === "http" &&
      (port.protocol === "http"
        ? { httpHealthCheck: { ...where, ...path } }
        : { http2HealthCheck: { ...where, ...path } })),
    ...(check.kind === "tcp" && { tcpHealthCheck: where }),
    ...(check.kind === "grpc" && {
      grpcHealthCheck: { ...where, ...(check.grpcService !== undefined && { grpcServiceName: check.grpcService }) },
    }),
  };
}
