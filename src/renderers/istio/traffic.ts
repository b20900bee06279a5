import type { Finding } from "../../model/finding";
import type { ConnectionPool, OutlierDetection, RetryBudget, Traffic } from "../../model/model";
import { formatDuration } from "../../model/units";
import { defined } from "../k8s-resource";
import type { Flavour } from "./context";
import { finding } from "./findings";
import { loadBalancer, loadBalancerFindings } from "./hashing";

type Fields = Readonly<Record<string, unknown>>;

/** The whole destination policy: what the user left out is our default, written out. */
export const trafficPolicy = (traffic: Traffic, flavour: Flavour): Fields =>
  defined({
    loadBalancer: loadBalancer(traffic.loadBalancing, flavour),
    connectionPool: connectionPool(traffic.connectionPool),
    outlierDetection: traffic.outlierDetection && outlierDetection(traffic.outlierDetection),
    retryBudget: traffic.retryBudget && retryBudget(traffic.retryBudget),
  });

/** Limits left out are Istio's own: none. */
function connectionPool(pool: ConnectionPool): Fields {
  const idle = formatDuration(pool.idleTimeoutMs);
  return {
    tcp: defined({
      connectTimeout: formatDuration(pool.connectTimeoutMs),
      idleTimeout: idle,
      maxConnections: pool.maxConnections,
      tcpKeepalive: pool.tcpKeepalive && {
        time: formatDuration(pool.tcpKeepalive.timeMs),
        interval: formatDuration(pool.tcpKeepalive.intervalMs),
        probes: pool.tcpKeepalive.probes,
      },
    }),
    http: defined({
      // Istio takes "never" for TCP alone, and without a value of its own HTTP follows TCP.
      idleTimeout: pool.idleTimeoutMs > 0 ? idle : undefined,
      http1MaxPendingRequests: positive(pool.maxPendingRequests),
      http2MaxRequests: pool.maxRequests,
      maxRequestsPerConnection: positive(pool.maxRequestsPerConnection),
      maxRetries: positive(pool.maxRetries),
    }),
  };
}

/** Zero is not set, in Istio's eyes. */
const positive = (value: number | undefined): number | undefined => (value === 0 ? undefined : value);

const outlierDetection = (outlier: OutlierDetection): Fields =>
  defined({
    consecutive5xxErrors: outlier.consecutive5xx,
    consecutiveGatewayErrors: outlier.consecutiveGatewayErrors,
    interval: formatDuration(outlier.intervalMs),
    baseEjectionTime: formatDuration(outlier.baseEjectionTimeMs),
    maxEjectionPercent: Math.round(outlier.maxEjectionPercent),
    minHealthPercent: Math.round(outlier.minHealthPercent),
  });

const retryBudget = (budget: RetryBudget): Fields => ({
  percent: budget.percent,
  minRetryConcurrency: budget.minRetries,
  budgetInterval: formatDuration(budget.intervalMs),
});

/** Zeros that mean something in the model and nothing to Istio (pilot's cluster_traffic_policy.go says so itself). */
export function trafficFindings(traffic: Traffic): Finding[] {
  const { connectionPool: pool, outlierDetection: outlier, retryBudget: budget, path } = traffic;
  const zeros: readonly (readonly [number | undefined, string, string])[] = [
    [pool.maxPendingRequests, "connectionPool.maxPendingRequests", "requests wait without a limit"],
    [pool.maxRetries, "connectionPool.maxRetries", "retries at the same time have no limit"],
    [outlier?.maxEjectionPercent, "outlierDetection.maxEjectionPercent", "up to 10% are ejected"],
    [budget?.minRetries, "retryBudget.minRetries", "3 retries are always allowed"],
  ];
  return [
    ...zeros
      .filter(([value]) => value === 0)
      .map(([, field, instead]) =>
        finding(
          "MESH2101",
          `${path}.${field}`,
          `Istio reads 0 as not set: ${instead}`,
          "Write 1 or more, or leave it out.",
        ),
      ),
    ...loadBalancerFindings(traffic),
  ];
}
