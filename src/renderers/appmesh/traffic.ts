import type { Port, Protocol, Traffic } from "../../model/model";
import { duration } from "./units";

/** App Mesh's words for a protocol: TLS that is passed through is a stream of bytes to it. */
export const protocolOf = (protocol: Protocol): "http" | "http2" | "grpc" | "tcp" =>
  protocol === "tls" ? "tcp" : protocol;

/** The listener's pool, in the key that the port's protocol has. App Mesh counts at the server, over all clients. */
export function connectionPool(port: Port, { connectionPool: pool }: Traffic): object {
  const protocol = protocolOf(port.protocol);
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

const within = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** App Mesh's own ranges: interval 5–300 s, timeout 2–60 s, thresholds 2–10 (virtual node API, 2026-09). */
export function healthCheck(port: Port, { healthCheck: check }: Traffic): object {
  if (check === undefined) return {};
  const protocol = check.kind === "http" ? (protocolOf(port.protocol) === "http2" ? "http2" : "http") : check.kind;
  return {
    healthCheck: {
      protocol,
      ...(check.kind === "http" && { path: check.httpPath ?? "/" }),
      port: check.port ?? port.targetPort,
      intervalMillis: within(check.intervalMs, 5_000, 300_000),
      timeoutMillis: within(check.timeoutMs, 2_000, 60_000),
      healthyThreshold: within(check.healthyThreshold, 2, 10),
      unhealthyThreshold: within(check.unhealthyThreshold, 2, 10),
    },
  };
}

/** The listener cuts off at 15 s unless told otherwise, so it gets the longest timeout of the routes that lead to it. */
export function listenerTimeout(port: Port, requestMs: number, { connectionPool: pool }: Traffic): object {
  const idle = duration(pool.idleTimeoutMs);
  const protocol = protocolOf(port.protocol);
  if (protocol === "tcp") return { timeout: { tcp: { idle } } };
  return { timeout: { [protocol]: { idle, perRequest: duration(requestMs) } } };
}
