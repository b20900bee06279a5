import type { BreakerLimits, OutlierConfig } from "../upstream/config";
import type { HealthCheckConfig, ProbeConfig } from "../upstream/health/config";
import type { CompileContext } from "./compile-context";
import type { ActiveHealthCheck, Cluster, HealthCheckHttpHealthCheck, OutlierDetection } from "./messages";

/** Envoy's defaults for circuit breakers, retry budgets included. */
const breakers = { connections: 1024, pending: 1024, requests: 1024, retries: 3, budgetPercent: 20, budgetFloor: 3 };

export function compileLimits(cluster: Cluster, path: string, context: CompileContext): BreakerLimits {
  const { thresholds = [], per_host_thresholds: perHost = [] } = cluster.circuit_breakers ?? {};
  // Requests of HIGH priority cannot be made by the subset, so their limits change nothing.
  const own = thresholds.find((t) => t.priority === "DEFAULT");
  const index = perHost.findIndex((t) => t.priority === "DEFAULT");
  const host = perHost[index];
  const only = ["max_pending_requests", "max_requests", "max_retries", "retry_budget"] as const;
  for (const field of only)
    if (perHost.some((t) => t[field] !== undefined))
      context.error(
        `${path}.per_host_thresholds[${index}].${field}`,
        "per_host_thresholds may only have max_connections",
      );
  const budget = own?.retry_budget;
  return {
    maxConnections: own?.max_connections ?? breakers.connections,
    maxPendingRequests: own?.max_pending_requests ?? breakers.pending,
    maxRequests: own?.max_requests ?? breakers.requests,
    maxRetries: own?.max_retries ?? breakers.retries,
    ...(budget !== undefined && {
      retryBudget: {
        percent: budget.budget_percent?.value ?? breakers.budgetPercent,
        minConcurrency: budget.min_retry_concurrency ?? breakers.budgetFloor,
      },
    }),
    ...(host?.max_connections !== undefined && { maxConnectionsPerHost: host.max_connections }),
    ...(own?.track_remaining === true && { trackRemaining: true }),
  };
}

/** With Envoy's defaults. */
export function compileOutlier(outlier: OutlierDetection, path: string, context: CompileContext): OutlierConfig {
  const base = outlier.base_ejection_time ?? 30_000;
  if ((outlier.max_ejection_time ?? Infinity) < base)
    context.error(`${path}.max_ejection_time`, "max_ejection_time cannot be smaller than base_ejection_time");
  return {
    consecutive5xx: outlier.consecutive_5xx ?? 5,
    enforcingConsecutive5xx: outlier.enforcing_consecutive_5xx ?? 100,
    consecutiveGatewayFailure: outlier.consecutive_gateway_failure ?? 5,
    enforcingConsecutiveGatewayFailure: outlier.enforcing_consecutive_gateway_failure ?? 0,
    interval: outlier.interval ?? 10_000,
    baseEjectionTime: base,
    maxEjectionTime: Math.max(outlier.max_ejection_time ?? 300_000, base),
    maxEjectionTimeJitter: outlier.max_ejection_time_jitter ?? 0,
    maxEjectionPercent: outlier.max_ejection_percent ?? 10,
    splitLocalOrigin: outlier.split_external_local_origin_errors,
    consecutiveLocalOriginFailure: outlier.consecutive_local_origin_failure ?? 5,
    enforcingConsecutiveLocalOriginFailure: outlier.enforcing_consecutive_local_origin_failure ?? 100,
    successRate: {
      enforcing: outlier.enforcing_success_rate ?? 100,
      enforcingLocalOrigin: outlier.enforcing_local_origin_success_rate ?? 100,
      minimumHosts: outlier.success_rate_minimum_hosts ?? 5,
      requestVolume: outlier.success_rate_request_volume ?? 100,
      stdevFactor: outlier.success_rate_stdev_factor ?? 1900,
    },
    failurePercentage: {
      enforcing: outlier.enforcing_failure_percentage ?? 0,
      enforcingLocalOrigin: outlier.enforcing_failure_percentage_local_origin ?? 0,
      minimumHosts: outlier.failure_percentage_minimum_hosts ?? 5,
      requestVolume: outlier.failure_percentage_request_volume ?? 50,
      threshold: outlier.failure_percentage_threshold ?? 85,
    },
  };
}

export function compileHealthCheck(
  cluster: Cluster,
  path: string,
  context: CompileContext,
): HealthCheckConfig | undefined {
  const [check, second] = cluster.health_checks;
  if (check === undefined) return undefined;
  if (second !== undefined) context.error(`${path}[1]`, "Multiple health checks not supported");
  const probe = compileProbe(check, `${path}[0]`, context);
  if (probe === undefined) return undefined;
  return {
    timeout: check.timeout,
    interval: check.interval,
    initialJitter: check.initial_jitter ?? 0,
    intervalJitter: check.interval_jitter ?? 0,
    intervalJitterPercent: check.interval_jitter_percent,
    unhealthyThreshold: check.unhealthy_threshold,
    healthyThreshold: check.healthy_threshold,
    noTrafficInterval: check.no_traffic_interval ?? 60_000,
    unhealthyInterval: check.unhealthy_interval ?? check.interval,
    reuseConnection: check.reuse_connection ?? true,
    probe,
  };
}

function compileProbe(check: ActiveHealthCheck, path: string, context: CompileContext): ProbeConfig | undefined {
  context.unserved(`${path}.grpc_health_check`, check.grpc_health_check !== undefined);
  if (check.tcp_health_check !== undefined) return { kind: "tcp" };
  const http = check.http_health_check;
  if (http === undefined) return undefined;
  const at = `${path}.http_health_check`;
  context.unserved(`${at}.codec_client_type`, http.codec_client_type === "HTTP2");
  const method = http.method === "METHOD_UNSPECIFIED" ? "GET" : http.method;
  if (method === "CONNECT") context.error(`${at}.method`, "must not be CONNECT");
  return { kind: "http", method, path: http.path, host: http.host, expected: expectedStatuses(http, at, context) };
}

function expectedStatuses(http: HealthCheckHttpHealthCheck, path: string, context: CompileContext) {
  if (http.expected_statuses.length === 0) return [[200, 201] as const];
  return http.expected_statuses.map(({ start, end }, i) => {
    const at = `${path}.expected_statuses[${i}]`;
    if (start >= end)
      context.error(
        at,
        `Invalid http expected status range: expecting start < end, but found start=${start} and end=${end}`,
      );
    if (start < 100)
      context.error(at, `Invalid http expected status range: expecting start >= 100, but found start=${start}`);
    if (end > 600) context.error(at, `Invalid http expected status range: expecting end <= 600, but found end=${end}`);
    return [start, end] as const;
  });
}
