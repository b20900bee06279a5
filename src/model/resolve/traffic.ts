import { DEFAULTS as D } from "../defaults";
import type {
  ConnectionPool,
  HashKey,
  HealthCheck,
  LoadBalancing,
  Locality,
  OutlierDetection,
  RateLimit,
  Traffic,
} from "../model";
import { at } from "../path";
import type { TrafficSpec } from "../schema";
import { parsePercent } from "../units";
import { type Context, ms, msOrNone } from "./context";

type LoadBalancingSpec = NonNullable<TrafficSpec["loadBalancing"]>;
type HashKeySpec = NonNullable<LoadBalancingSpec["hashOn"]>[number];
type LocalitySpec = NonNullable<LoadBalancingSpec["locality"]>;
type PoolSpec = NonNullable<TrafficSpec["connectionPool"]>;
type OutlierSpec = NonNullable<TrafficSpec["outlierDetection"]>;
type HealthCheckSpec = NonNullable<TrafficSpec["healthCheck"]>;
type RateLimitSpec = NonNullable<TrafficSpec["rateLimits"]>[number];

export function resolveTraffic(spec: TrafficSpec = {}, path: string, context: Context): Traffic {
  const { loadBalancing, outlierDetection, healthCheck, retryBudget } = spec;
  const limits = (spec.rateLimits ?? []).map((limit, index) =>
    resolveRateLimit(limit, at(at(path, "rateLimits"), index), index),
  );
  context.unique(
    "rate limit",
    limits,
    (limit) => limit.name,
    (limit) => at(limit.path, "name"),
  );
  return {
    path,
    loadBalancing:
      loadBalancing === undefined
        ? USUAL_BALANCING
        : resolveLoadBalancing(loadBalancing, at(path, "loadBalancing"), context),
    connectionPool: spec.connectionPool === undefined ? USUAL_POOL : resolvePool(spec.connectionPool),
    ...(outlierDetection === undefined
      ? {}
      : { outlierDetection: resolveOutliers(outlierDetection, at(path, "outlierDetection")) }),
    ...(healthCheck === undefined
      ? {}
      : { healthCheck: resolveHealthCheck(healthCheck, at(path, "healthCheck"), context) }),
    ...(retryBudget === undefined
      ? {}
      : {
          retryBudget: {
            percent: parsePercent(retryBudget.percent ?? D.retryBudget.percent),
            minRetries: retryBudget.minRetries ?? D.retryBudget.minRetries,
            intervalMs: ms(retryBudget.interval, D.retryBudget.interval),
          },
        }),
    rateLimits: limits,
  };
}

/** What is not written is one and the same for every service. */
const USUAL_BALANCING: LoadBalancing = { policy: D.loadBalancing, hashOn: [] };
const USUAL_POOL = resolvePool({});

function resolveLoadBalancing(spec: LoadBalancingSpec, path: string, context: Context): LoadBalancing {
  const policy = spec.policy ?? D.loadBalancing;
  const slowStartMs = msOrNone(spec.slowStart) ?? 0;
  const hashOn = (spec.hashOn ?? []).flatMap((key, index) =>
    resolveHashKey(key, at(at(path, "hashOn"), index), context),
  );
  if ((policy === "RING_HASH" || policy === "MAGLEV") && (spec.hashOn ?? []).length === 0) {
    const remedy = "Add hashOn: [{ header: … }], [{ cookie: … }], [{ query: … }] or [{ sourceIp: true }].";
    context.report("MESH0042", path, `${policy} has nothing to hash`, remedy);
  }
  return {
    policy,
    hashOn,
    ...(spec.minimumRingSize === undefined ? {} : { minimumRingSize: spec.minimumRingSize }),
    ...(spec.tableSize === undefined ? {} : { tableSize: spec.tableSize }),
    ...(slowStartMs === 0 ? {} : { slowStartMs }),
    ...(spec.locality === undefined ? {} : { locality: resolveLocality(spec.locality, at(path, "locality"), context) }),
    ...(spec.affinity === undefined
      ? {}
      : {
          affinity: {
            cookie: spec.affinity.cookie,
            ttlMs: ms(spec.affinity.ttl, D.cookieTtl),
            cookiePath: spec.affinity.path ?? D.cookiePath,
          },
        }),
  };
}

function resolveHashKey(spec: HashKeySpec, path: string, context: Context): HashKey[] {
  context.oneOf(spec, ["header", "query", "cookie", "sourceIp"], path);
  if (spec.header !== undefined) return [{ kind: "header", name: spec.header }];
  if (spec.query !== undefined) return [{ kind: "query", name: spec.query }];
  if (spec.sourceIp === true) return [{ kind: "sourceIp" }];
  if (spec.cookie === undefined) return [];
  const { name, ttl, path: cookiePath = D.cookiePath } = spec.cookie;
  return [{ kind: "cookie", name, ttlMs: ms(ttl, D.cookieTtl), cookiePath }];
}

function resolveLocality(spec: LocalitySpec, path: string, context: Context): Locality {
  const distribute = (spec.distribute ?? []).map(({ from, to }, index) => {
    const shares = Object.fromEntries(Object.entries(to).map(([where, share]) => [where, parsePercent(share)]));
    const sum = Object.values(shares).reduce((total, share) => total + share, 0);
    if (Math.abs(sum - 100) > 1e-6) {
      const where = at(at(at(path, "distribute"), index), "to");
      context.report("MESH0043", where, `the shares add up to ${sum} %, not 100 %`, "Change them so that they do.");
    }
    return { from, to: shares };
  });
  return { mode: spec.mode ?? D.localityMode, failover: spec.failover ?? [], distribute };
}

function resolvePool(spec: PoolSpec): ConnectionPool {
  const { connectTimeout, idleTimeout, tcpKeepalive, maxRequestsPerConnection = 0, ...limits } = spec;
  return {
    ...limits,
    ...(maxRequestsPerConnection === 0 ? {} : { maxRequestsPerConnection }),
    connectTimeoutMs: ms(connectTimeout, D.connectTimeout),
    idleTimeoutMs: ms(idleTimeout, D.poolIdleTimeout),
    ...(tcpKeepalive === undefined
      ? {}
      : {
          tcpKeepalive: {
            timeMs: ms(tcpKeepalive.time, D.keepalive.time),
            intervalMs: ms(tcpKeepalive.interval, D.keepalive.interval),
            probes: tcpKeepalive.probes ?? D.keepalive.probes,
          },
        }),
  };
}

const resolveOutliers = (spec: OutlierSpec, path: string): OutlierDetection => ({
  path,
  consecutive5xx: spec.consecutive5xx ?? D.outlier.consecutive5xx,
  ...(spec.consecutiveGatewayErrors ? { consecutiveGatewayErrors: spec.consecutiveGatewayErrors } : {}),
  intervalMs: ms(spec.interval, D.outlier.interval),
  baseEjectionTimeMs: ms(spec.baseEjectionTime, D.outlier.baseEjectionTime),
  maxEjectionPercent: parsePercent(spec.maxEjectionPercent ?? D.outlier.maxEjectionPercent),
  minHealthPercent: parsePercent(spec.minHealthPercent ?? D.outlier.minHealthPercent),
});

function resolveHealthCheck(spec: HealthCheckSpec, path: string, context: Context): HealthCheck {
  const only = { http: ["path", "expectedStatuses"], grpc: ["grpcService"], tcp: [] } as const;
  for (const [protocol, keys] of Object.entries(only)) {
    for (const key of keys) {
      if (spec[key] === undefined || spec.protocol === protocol) continue;
      context.report(
        "MESH0041",
        at(path, key),
        `${key} says nothing to a ${spec.protocol} check`,
        `Take it out, or write protocol: ${protocol}.`,
      );
    }
  }
  const statuses = (spec.expectedStatuses ?? [D.healthCheck.expectedStatuses]).map((written, index) => {
    const [from, to = from] = String(written).split("-").map(Number) as [number, number?];
    if (to < from) {
      const where = at(at(path, "expectedStatuses"), index);
      context.report("MESH0013", where, `"${written}" ends before it starts`, `Write ${to}-${from}.`);
    }
    return { from, to };
  });
  return {
    path,
    kind: spec.protocol,
    ...(spec.protocol === "http" ? { httpPath: spec.path ?? D.healthCheck.path } : {}),
    ...(spec.grpcService === undefined ? {} : { grpcService: spec.grpcService }),
    ...(spec.port === undefined ? {} : { port: spec.port }),
    intervalMs: ms(spec.interval, D.healthCheck.interval),
    timeoutMs: ms(spec.timeout, D.healthCheck.timeout),
    healthyThreshold: spec.healthyThreshold ?? D.healthCheck.healthyThreshold,
    unhealthyThreshold: spec.unhealthyThreshold ?? D.healthCheck.unhealthyThreshold,
    expectedStatuses: spec.protocol === "http" ? statuses : [],
  };
}

function resolveRateLimit(spec: RateLimitSpec, path: string, index: number): RateLimit {
  return {
    path,
    name: spec.name ?? `limit-${index}`,
    requests: spec.requests,
    perMs: ms(spec.per, D.rateLimit.per),
    burst: spec.burst ?? spec.requests,
    ...(spec.by === undefined ? {} : { by: rateLimitKey(spec.by) }),
    status: spec.status ?? D.rateLimit.status,
  };
}

function rateLimitKey(by: NonNullable<RateLimitSpec["by"]>): NonNullable<RateLimit["by"]> {
  if (typeof by === "string") return { kind: by };
  if ("header" in by)
    return { kind: "header", name: by.header, ...(by.value === undefined ? {} : { value: by.value }) };
  return "path" in by ? { kind: "path", value: by.path } : { kind: "method", value: by.method };
}
