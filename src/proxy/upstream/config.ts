import type { BalancerSpec } from "../balancing/policy";
import type { UpstreamTls } from "../core/security";

/** One cluster as configured: plain data, compared by value when the configuration changes. */
export interface ClusterConfig {
  readonly name: string;
  readonly endpoints: readonly EndpointConfig[];
  /** Milliseconds until a connection must stand, handshake included. */
  readonly connectTimeout: number;
  readonly balancer: BalancerSpec;
  readonly limits: BreakerLimits;
  readonly outlier: OutlierConfig | undefined;
  /** Percent of hosts below which health is ignored and all are used; 0: never. */
  readonly panicThreshold: number;
  readonly tls: UpstreamTls | undefined;
  /** Milliseconds after which an idle connection is closed; 0: never. */
  readonly idleTimeout: number;
  /** Requests that one connection may serve; 0: any number. */
  readonly maxRequestsPerConnection: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface EndpointConfig {
  readonly address: string;
  readonly port: number;
  /** At least 1. */
  readonly weight: number;
}

/** Circuit breakers: how much may be in flight to one cluster from this worker. */
export interface BreakerLimits {
  readonly maxConnections: number;
  readonly maxPendingRequests: number;
  readonly maxRequests: number;
  readonly maxRetries: number;
}

/** Outlier detection. Enforcing values are percent; 0 only counts. */
export interface OutlierConfig {
  readonly consecutive5xx: number;
  readonly enforcingConsecutive5xx: number;
  readonly consecutiveGatewayFailure: number;
  readonly enforcingConsecutiveGatewayFailure: number;
  /** Milliseconds between sweeps, which bring hosts back. */
  readonly interval: number;
  readonly baseEjectionTime: number;
  readonly maxEjectionTime: number;
  readonly maxEjectionPercent: number;
}
