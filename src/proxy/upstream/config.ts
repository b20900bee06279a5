import type { BalancerSpec } from "../balancing/policy";
import type { UpstreamTls } from "../core/security";
import type { HealthCheckConfig } from "./health/config";

/** One cluster as configured: plain data, compared by value when the configuration changes. */
export interface ClusterConfig {
  readonly name: string;
  readonly endpoints: readonly EndpointConfig[];
  /** How endpoints' names become addresses; undefined: they are addresses. */
  readonly dns: DnsConfig | undefined;
  /** Milliseconds until a connection must stand, handshake included. */
  readonly connectTimeout: number;
  readonly balancer: BalancerSpec;
  readonly limits: BreakerLimits;
  readonly outlier: OutlierConfig | undefined;
  readonly healthCheck: HealthCheckConfig | undefined;
  /** Percent of hosts below which health is ignored and all are used; 0: never. */
  readonly panicThreshold: number;
  /** Percent by which healthy hosts may take over for others before the next priority is used. */
  readonly overprovisioning: number;
  /** Localities are chosen by their weights first. */
  readonly localityWeighted: boolean;
  readonly tls: UpstreamTls | undefined;
  /** Milliseconds after which an idle connection is closed; 0: never. */
  readonly idleTimeout: number;
  /** Trailers go to and come from its hosts where the connection manager forwards them. */
  readonly trailers: boolean;
  /** Requests that one connection may serve; 0: any number. */
  readonly maxRequestsPerConnection: number;
  /** Milliseconds after which a connection takes no more requests; 0: it lives on. */
  readonly maxConnectionDuration: number;
  /** Fields that a response's head may have. */
  readonly maxResponseHeaders: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface EndpointConfig {
  readonly address: string;
  readonly port: number;
  /** At least 1. */
  readonly weight: number;
  /** 0, the first, when absent. */
  readonly priority?: number;
  readonly locality?: LocalityConfig;
  /** What the control plane knows of its health; healthy when absent. */
  readonly health?: "healthy" | "degraded" | "unhealthy";
  /** Its name, where hosts are known by name. */
  readonly hostname?: string;
  /** What consistent hashing knows it by, in place of its address. */
  readonly hashKey?: string;
  /** Where it is asked for its health, where that differs. */
  readonly healthCheck?: { readonly port: number; readonly hostname: string };
}

export interface LocalityConfig {
  readonly region: string;
  readonly zone: string;
  readonly subZone: string;
  /** Of the locality as a whole; 0: none was given. */
  readonly weight: number;
}

export interface DnsConfig {
  /** `logical`: one host, whose connections go to the first address that the name has at the time. */
  readonly kind: "strict" | "logical";
  readonly family: "AUTO" | "V4_ONLY" | "V6_ONLY" | "V4_PREFERRED" | "ALL";
  /** Milliseconds between two look-ups of a name. */
  readonly refresh: number;
}

/** Circuit breakers: how much may be in flight to one cluster from this worker. */
export interface BreakerLimits {
  readonly maxConnections: number;
  readonly maxPendingRequests: number;
  readonly maxRequests: number;
  readonly maxRetries: number;
  /** In place of `maxRetries`: percent of the requests in flight, but this many always. */
  readonly retryBudget?: { readonly percent: number; readonly minConcurrency: number };
  /** Connections to one host. */
  readonly maxConnectionsPerHost?: number;
  /** Gauges tell how much is left. */
  readonly trackRemaining?: boolean;
}

/** Outlier detection. Enforcing values are percent; 0 only counts. */
export interface OutlierConfig {
  readonly consecutive5xx: number;
  readonly enforcingConsecutive5xx: number;
  readonly consecutiveGatewayFailure: number;
  readonly enforcingConsecutiveGatewayFailure: number;
  /** Milliseconds between sweeps, which bring hosts back and judge rates. */
  readonly interval: number;
  readonly baseEjectionTime: number;
  readonly maxEjectionTime: number;
  /** Milliseconds, at random, on top of each ejection. */
  readonly maxEjectionTimeJitter: number;
  readonly maxEjectionPercent: number;
  /** Failures to reach a host count apart from its answers. */
  readonly splitLocalOrigin: boolean;
  readonly consecutiveLocalOriginFailure: number;
  readonly enforcingConsecutiveLocalOriginFailure: number;
  readonly successRate: RateConfig & {
    readonly enforcingLocalOrigin: number;
    /** In thousandths. */ readonly stdevFactor: number;
  };
  readonly failurePercentage: RateConfig & {
    readonly enforcingLocalOrigin: number;
    /** Percent. */ readonly threshold: number;
  };
}

export interface RateConfig {
  readonly enforcing: number;
  /** Hosts with enough requests, below which nobody is judged. */
  readonly minimumHosts: number;
  /** Requests within one interval, below which a host is not judged. */
  readonly requestVolume: number;
}
