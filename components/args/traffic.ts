import type { HealthCheckProtocol, LoadBalancingPolicy, LocalityMode, RateLimitKind } from "./enums";

/** How clients treat a service, and how it protects itself. Durations are text with a unit: 500ms, 1s, 1h30m. */
export interface TrafficArgs {
  /** How an endpoint is picked; default LEAST_REQUEST. */
  loadBalancing?: LoadBalancingArgs;
  /** Limits of every client's connections. */
  connectionPool?: ConnectionPoolArgs;
  /** Ejects endpoints that fail; none when left out. */
  outlierDetection?: OutlierDetectionArgs;
  /** Asks endpoints actively; none when left out. */
  healthCheck?: HealthCheckArgs;
  /** Bounds retries by traffic; none when left out. */
  retryBudget?: RetryBudgetArgs;
  /** Limits that each instance enforces on what it receives. */
  rateLimits?: RateLimitArgs[];
}

/** How an endpoint is picked. */
export interface LoadBalancingArgs {
  /** The policy; default LEAST_REQUEST. */
  policy?: LoadBalancingPolicy;
  /** What RING_HASH and MAGLEV hash, in order of precedence. */
  hashOn?: HashKeyArgs[];
  /** Least number of points on the ring; the proxy's own when left out. */
  minimumRingSize?: number;
  /** Size of the Maglev table, a prime; the proxy's own when left out. */
  tableSize?: number;
  /** Time over which a new endpoint gets its full share; 0s or left out: at once. */
  slowStart?: string;
  /** Preference by zone and region; none when left out. */
  locality?: LocalityArgs;
  /** Sticky sessions: a client stays with its endpoint; none when left out. */
  affinity?: AffinityArgs;
}

/** One thing to hash: exactly one of header, query, cookie and sourceIp. */
export interface HashKeyArgs {
  /** Hash this request header. */
  header?: string;
  /** Hash this query parameter. */
  query?: string;
  /** Hash this cookie, and set it where it is missing. */
  cookie?: HashCookieArgs;
  /** Hash the client's address. */
  sourceIp?: boolean;
}

/** A cookie to hash. */
export interface HashCookieArgs {
  /** Name of the cookie. */
  name: string;
  /** Lifetime of a cookie the proxy sets; 0s: for the browser's session. */
  ttl?: string;
  /** Path of a cookie the proxy sets; default /. */
  path?: string;
}

/** Preference by zone and region. */
export interface LocalityArgs {
  /** off: ignore zones; prefer: the client's own zone first; distribute: by shares. */
  mode?: LocalityMode;
  /** Where traffic goes when a region fails. */
  failover?: FailoverArgs[];
  /** Shares by locality. */
  distribute?: DistributeArgs[];
}

/** Where traffic goes when a region fails. */
export interface FailoverArgs {
  /** Region that has no healthy endpoint. */
  from: string;
  /** Region that takes over. */
  to: string;
}

/** Shares of one client locality's traffic. */
export interface DistributeArgs {
  /** Locality of the client: region/zone or region/*. */
  from: string;
  /** Share of every destination locality in percent; they add up to 100. */
  to: Record<string, number>;
}

/** Sticky sessions by a cookie that the proxy sets. */
export interface AffinityArgs {
  /** Name of the cookie. */
  cookie: string;
  /** Lifetime of the cookie; 0s: for the browser's session. */
  ttl?: string;
  /** Path of the cookie; default /. */
  path?: string;
}

/** Limits of every client's connections. */
export interface ConnectionPoolArgs {
  /** Connections to all endpoints together; no limit when left out. */
  maxConnections?: number;
  /** Requests that wait for a connection; 0: none waits; no limit when left out. */
  maxPendingRequests?: number;
  /** Requests at the same time; no limit when left out. */
  maxRequests?: number;
  /** Requests until a connection is closed; 0 or left out: no limit. */
  maxRequestsPerConnection?: number;
  /** Retries at the same time; 0: none; no limit when left out. */
  maxRetries?: number;
  /** Time to make a TCP connection. */
  connectTimeout?: string;
  /** Unused connections are closed after this; 0s: never. */
  idleTimeout?: string;
  /** TCP keep-alives; none when left out. */
  tcpKeepalive?: TcpKeepaliveArgs;
}

/** TCP keep-alives. */
export interface TcpKeepaliveArgs {
  /** Idle time until the first keep-alive. */
  time?: string;
  /** Time between keep-alives. */
  interval?: string;
  /** Keep-alives without an answer until the connection counts as dead. */
  probes?: number;
}

/** Ejects endpoints that fail. */
export interface OutlierDetectionArgs {
  /** Server errors in a row until an endpoint is ejected; 0: never. */
  consecutive5xx?: number;
  /** The same for 502, 503 and 504 alone; 0 or left out: never. */
  consecutiveGatewayErrors?: number;
  /** Time between two sweeps. */
  interval?: string;
  /** First ejection; each further one is longer. */
  baseEjectionTime?: string;
  /** Share of endpoints that may be ejected, in percent; 0: none. */
  maxEjectionPercent?: number;
  /** Detection stops while fewer endpoints than this percentage are healthy; 0: it never stops. */
  minHealthPercent?: number;
}

/** Asks endpoints actively whether they are healthy. */
export interface HealthCheckArgs {
  /** How the endpoint is asked. */
  protocol: HealthCheckProtocol;
  /** Path asked for, with http. */
  path?: string;
  /** Service named in the question, with grpc; the whole server when left out. */
  grpcService?: string;
  /** Port asked; the one that serves when left out. */
  port?: number;
  /** Time between two checks. */
  interval?: string;
  /** Time a check may take. */
  timeout?: string;
  /** Successes in a row until healthy. */
  healthyThreshold?: number;
  /** Failures in a row until unhealthy. */
  unhealthyThreshold?: number;
  /** Statuses that count as success, with http: 200 or 200-299. */
  expectedStatuses?: string[];
}

/** Bounds retries by traffic. */
export interface RetryBudgetArgs {
  /** Retries as a share of active requests, in percent; 0: only minRetries. */
  percent?: number;
  /** Retries allowed at the same time in any case. */
  minRetries?: number;
  /** Time the share is counted over. */
  interval?: string;
}

/** A limit that each instance enforces on what it receives. */
export interface RateLimitArgs {
  /** Name shown in findings and metrics; default limit-<position>. */
  name?: string;
  /** Requests allowed in each period; 0: none. */
  requests: number;
  /** The period. */
  per?: string;
  /** Requests that may come at once; default the same as requests. */
  burst?: number;
  /** What gets a bucket of its own; one bucket for all when left out. */
  by?: RateLimitByArgs;
  /** Status of the answer to what is over the limit. */
  status?: number;
}

/** What gets a bucket of its own: exactly one of each, header, path and method. */
export interface RateLimitByArgs {
  /** One bucket for every client, path or method. */
  each?: RateLimitKind;
  /** One bucket for every value of this header. */
  header?: string;
  /** Only requests whose header has this value; every value when left out. */
  value?: string;
  /** Only requests for this path. */
  path?: string;
  /** Only requests with this method. */
  method?: string;
}
