import type { Port, Traffic } from "../../model/model";
import type { AppMeshProtocol } from "./protocols";
import { duration } from "./units";

/** The listener's pool, in the key that the port's protocol has. App Mesh counts at the server, over all clients. */
export function connectionPool(protocol: AppMeshProtocol, { connectionPool: pool }: Traffic): object {
  if (protocol === "tcp")
    return pool.maxConnections === undefined
      ? {}
      : { connectionPool: { tcps: [{ maxConnections: pool.maxConnections }] } };
  if (protocol === "http") {
    // maxConnections is required beside maxPendingRequests; the largest value stands for "no limit".
    if (pool.maxConnections === undefined && pool.maxPendingRequests === undefined) return {};
    return {
      connectionPool: {
        https: [
          {
            maxConnections: pool.maxConnections ?? 2 ** 31 - 1,
            ...(pool.maxPendingRequests !== undefined && { maxPendingRequests: pool.maxPendingRequests }),
          },
        ],
      },
    };
  }
  if (pool.maxRequests === undefined) return {};
  const limit = { maxRequests: pool.maxRequests };
  return { connectionPool: protocol === "grpc" ? { grpc: limit } : { http2s: [limit] } };
}

export function outlierDetection({ outlierDetection: outlier }: Traffic): object {
  if (outlier === undefined) return {};
  return {
    outlierDetection: {
      maxServerErrors: outlier.consecutive5xx,
      interval: duration(outlier.intervalMs),
      baseEjectionDuration: duration(outlier.baseEjectionTimeMs),
      maxEjectionPercent: Math.round(outlier.maxEjectionPercent),
    },
  };
}

/** App Mesh's own ranges (API model, 2019-01-25). */
export const HEALTH_RANGES = {
  intervalMs: [5_000, 300_000],
  timeoutMs: [2_000, 60_000],
  healthyThreshold: [2, 10],
  unhealthyThreshold: [2, 10],
} as const;
export type HealthNumber = keyof typeof HEALTH_RANGES;

/** Out of App Mesh's range, the nearest value in it; a finding says so. */
export function healthCheck(port: Port, protocol: AppMeshProtocol, { healthCheck: check }: Traffic): object {
  if (check === undefined) return {};
  const within = (key: HealthNumber): number =>
    Math.round(Math.min(HEALTH_RANGES[key][1], Math.max(HEALTH_RANGES[key][0], check[key])));
  return {
    healthCheck: {
      protocol: check.kind === "http" ? (protocol === "http2" ? "http2" : "http") : check.kind,
      ...(check.kind === "http" && { path: check.httpPath ?? "/" }),
      port: check.port ?? port.targetPort,
      intervalMillis: within("intervalMs"),
      timeoutMillis: within("timeoutMs"),
      healthyThreshold: within("healthyThreshold"),
      unhealthyThreshold: within("unhealthyThreshold"),
    },
  };
}

/** The listener cuts off at 15 s unless told otherwise, so it gets the longest timeout of the routes that lead to it. */
export function listenerTimeout(protocol: AppMeshProtocol, requestMs: number, idleMs: number): object {
  const idle = duration(idleMs);
  return { timeout: { [protocol]: protocol === "tcp" ? { idle } : { idle, perRequest: duration(requestMs) } } };
}
