/** How a service wants to be called: the destination policy. */

export type LoadBalancingPolicy = "ROUND_ROBIN" | "LEAST_REQUEST" | "PEAK_EWMA" | "RANDOM" | "RING_HASH" | "MAGLEV";
export interface Traffic {
  readonly path: string;
  readonly loadBalancing: LoadBalancing;
  readonly connectionPool: ConnectionPool;
  readonly outlierDetection?: OutlierDetection;
  readonly healthCheck?: HealthCheck;
  readonly retryBudget?: RetryBudget;
  /** Local rate limits at the server. */
  readonly rateLimits: readonly RateLimit[];
}
export interface LoadBalancing {
  readonly policy: LoadBalancingPolicy;
  /** For RING_HASH and MAGLEV, in order. */
  readonly hashOn: readonly HashKey[];
  readonly minimumRingSize?: number;
  readonly tableSize?: number;
  readonly slowStartMs?: number;
  readonly locality?: Locality;
  /** Sticky sessions by a generated cookie. */
  readonly affinity?: { readonly cookie: string; readonly ttlMs: number; readonly cookiePath: string };
}
export type HashKey =
  | { readonly kind: "header" | "query"; readonly name: string }
  | { readonly kind: "cookie"; readonly name: string; readonly ttlMs: number; readonly cookiePath: string }
  | { readonly kind: "sourceIp" };
export interface Locality {
  readonly mode: "off" | "prefer" | "distribute";
  readonly failover: readonly { readonly from: string; readonly to: string }[];
  readonly distribute: readonly { readonly from: string; readonly to: Readonly<Record<string, number>> }[];
}
/** An absent limit means no limit. */
export interface ConnectionPool {
  readonly maxConnections?: number;
  readonly maxPendingRequests?: number;
  readonly maxRequests?: number;
  readonly maxRequestsPerConnection?: number;
  readonly maxRetries?: number;
  readonly connectTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly tcpKeepalive?: { readonly timeMs: number; readonly intervalMs: number; readonly probes: number };
}
export interface OutlierDetection {
  readonly path: string;
  readonly consecutive5xx: number;
  readonly consecutiveGatewayErrors?: number;
  readonly intervalMs: number;
  readonly baseEjectionTimeMs: number;
  readonly maxEjectionPercent: number;
  readonly minHealthPercent: number;
}
export interface HealthCheck {
  readonly path: string;
  readonly kind: "http" | "tcp" | "grpc";
  readonly httpPath?: string;
  readonly grpcService?: string;
  readonly port?: number;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  readonly expectedStatuses: readonly { readonly from: number; readonly to: number }[];
}
export interface RetryBudget {
  readonly percent: number;
  readonly minRetries: number;
  readonly intervalMs: number;
}
export interface RateLimit {
  readonly path: string;
  readonly name: string;
  readonly requests: number;
  readonly perMs: number;
  readonly burst: number;
  /** Absent: one bucket for all. */
  readonly by?: {
    readonly kind: "header" | "client" | "path" | "method";
    readonly name?: string;
    readonly value?: string;
  };
  readonly status: number;
}
