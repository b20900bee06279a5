import type { ClusterStats } from "../../core/stats";
import type { BreakerLimits } from "../config";

/** What circuit breakers look at. */
export interface Guarded {
  readonly limits: BreakerLimits;
  readonly stats: ClusterStats;
  readonly retriesActive: number;
}

/** Retries that may be in flight at once: a number, or a share of the requests in flight. */
export function retryLimit({ limits, stats }: Guarded): number {
  const { retryBudget } = limits;
  if (retryBudget === undefined) return limits.maxRetries;
  const inFlight = stats.upstream_rq_active + stats.upstream_rq_pending_active;
  return Math.max(retryBudget.minConcurrency, (inFlight * retryBudget.percent) / 100);
}

/** Envoy's gauges of circuit breakers: 1 where one is open, and what is left where that is tracked. */
export function breakerGauges(cluster: Guarded): Readonly<Record<string, number>> {
  const { limits, stats } = cluster;
  const left = {
    cx: limits.maxConnections - stats.upstream_cx_active,
    rq_pending: limits.maxPendingRequests - stats.upstream_rq_pending_active,
    rq: limits.maxRequests - stats.upstream_rq_active,
    rq_retry: retryLimit(cluster) - cluster.retriesActive,
  };
  const gauges: Record<string, number> = {};
  for (const [name, value] of Object.entries(left)) gauges[`circuit_breakers.default.${name}_open`] = value > 0 ? 0 : 1;
  if (limits.trackRemaining === true) {
    const names = {
      cx: "remaining_cx",
      rq_pending: "remaining_pending",
      rq: "remaining_rq",
      rq_retry: "remaining_retries",
    };
    for (const [name, value] of Object.entries(left))
      gauges[`circuit_breakers.default.${names[name as keyof typeof left]}`] = Math.max(0, Math.floor(value));
  }
  return gauges;
}
