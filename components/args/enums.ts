/** What a value may be, in the one shape of a choice that Pulumi's schema inference accepts beside `enum`. */

export const Backend = {
  Istio: "istio",
  IstioManagedCsm: "istio-managed-csm",
  Linkerd: "linkerd",
  AppMesh: "appmesh",
  Gcsm: "gcsm",
  VpcLattice: "vpc-lattice",
  Proxy: "proxy",
} as const;
export type Backend = (typeof Backend)[keyof typeof Backend];

export const MtlsMode = { Strict: "STRICT", Permissive: "PERMISSIVE", Disable: "DISABLE" } as const;
export type MtlsMode = (typeof MtlsMode)[keyof typeof MtlsMode];

export const Protocol = { Http: "http", Http2: "http2", Grpc: "grpc", Tcp: "tcp", Tls: "tls" } as const;
export type Protocol = (typeof Protocol)[keyof typeof Protocol];

export const LoadBalancingPolicy = {
  RoundRobin: "ROUND_ROBIN",
  LeastRequest: "LEAST_REQUEST",
  PeakEwma: "PEAK_EWMA",
  Random: "RANDOM",
  RingHash: "RING_HASH",
  Maglev: "MAGLEV",
} as const;
export type LoadBalancingPolicy = (typeof LoadBalancingPolicy)[keyof typeof LoadBalancingPolicy];

export const AuthorizationAction = { Allow: "ALLOW", Deny: "DENY", Audit: "AUDIT" } as const;
export type AuthorizationAction = (typeof AuthorizationAction)[keyof typeof AuthorizationAction];

export const EgressMode = { RegistryOnly: "REGISTRY_ONLY", AllowAny: "ALLOW_ANY" } as const;
export type EgressMode = (typeof EgressMode)[keyof typeof EgressMode];

export const Bind = { Any: "any", Loopback: "loopback" } as const;
export type Bind = (typeof Bind)[keyof typeof Bind];

export const LocalityMode = { Off: "off", Prefer: "prefer", Distribute: "distribute" } as const;
export type LocalityMode = (typeof LocalityMode)[keyof typeof LocalityMode];

export const HealthCheckProtocol = { Http: "http", Tcp: "tcp", Grpc: "grpc" } as const;
export type HealthCheckProtocol = (typeof HealthCheckProtocol)[keyof typeof HealthCheckProtocol];

export const RateLimitKind = { Client: "client", Path: "path", Method: "method" } as const;
export type RateLimitKind = (typeof RateLimitKind)[keyof typeof RateLimitKind];

export const Resolution = { Dns: "DNS", Static: "STATIC", None: "NONE" } as const;
export type Resolution = (typeof Resolution)[keyof typeof Resolution];

export const ExternalTlsMode = { Simple: "SIMPLE", Mutual: "MUTUAL" } as const;
export type ExternalTlsMode = (typeof ExternalTlsMode)[keyof typeof ExternalTlsMode];

export const ListenerProtocol = { Http: "http", Https: "https", Tcp: "tcp", Tls: "tls", Grpc: "grpc" } as const;
export type ListenerProtocol = (typeof ListenerProtocol)[keyof typeof ListenerProtocol];

export const ListenerTlsMode = { Terminate: "TERMINATE", Passthrough: "PASSTHROUGH", Mutual: "MUTUAL" } as const;
export type ListenerTlsMode = (typeof ListenerTlsMode)[keyof typeof ListenerTlsMode];

export const TlsVersion = { V1_2: "1.2", V1_3: "1.3" } as const;
export type TlsVersion = (typeof TlsVersion)[keyof typeof TlsVersion];

export const RetryCondition = {
  ServerError: "5xx",
  GatewayError: "gateway-error",
  Reset: "reset",
  ConnectFailure: "connect-failure",
  RefusedStream: "refused-stream",
  Retriable4xx: "retriable-4xx",
  Cancelled: "cancelled",
  DeadlineExceeded: "deadline-exceeded",
  Internal: "internal",
  ResourceExhausted: "resource-exhausted",
  Unavailable: "unavailable",
} as const;
export type RetryCondition = (typeof RetryCondition)[keyof typeof RetryCondition];

export const UrlScheme = { Http: "http", Https: "https" } as const;
export type UrlScheme = (typeof UrlScheme)[keyof typeof UrlScheme];

export const LogFormat = { Json: "json", Text: "text" } as const;
export type LogFormat = (typeof LogFormat)[keyof typeof LogFormat];

export const LogFilter = { All: "all", Errors: "errors" } as const;
export type LogFilter = (typeof LogFilter)[keyof typeof LogFilter];

export const OverBudget = { Error: "error", Warning: "warning" } as const;
export type OverBudget = (typeof OverBudget)[keyof typeof OverBudget];
