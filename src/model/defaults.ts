import type { LoadBalancingPolicy, MtlsMode, Protocol, RetryCondition, TlsVersion } from "./model";

/**
 * Every default of the model, in the words a user would write. `resolve` fills them in and the schema's
 * descriptions quote them, so neither can say something else. Every renderer writes them out, because the meshes'
 * own defaults differ (Istio retries twice, App Mesh cuts off at 15 s).
 */
export const DEFAULTS = {
  namespace: "default",
  trustDomain: "cluster.local",
  mtlsMode: "PERMISSIVE" as MtlsMode,
  /** TLS 1.2 is what every mesh offers; Linkerd speaks 1.3 alone, which satisfies it. */
  tlsMinVersion: "1.2" as TlsVersion,
  /** Closing egress is a decision; REGISTRY_ONLY asks for it. */
  egressMode: "ALLOW_ANY" as "ALLOW_ANY" | "REGISTRY_ONLY",
  backendInstall: "none" as "none" | "helm",
  /** Of a namespace that is listed; of one that is only named it is true for the mesh's own alone. */
  createNamespace: true,
  inject: true,
  protocol: "http" as Protocol,
  serverFirst: false,
  callRequired: true,
  replicas: 1,
  bind: "any" as "any" | "loopback",
  probe: { path: "/", period: "10s", timeout: "1s", initialDelay: "0s", failureThreshold: 3 },
  loadBalancing: "LEAST_REQUEST" as LoadBalancingPolicy,
  cookieTtl: "0s",
  cookiePath: "/",
  localityMode: "off" as "off" | "prefer" | "distribute",
  /** Lets two lost SYN packets be sent again (after 1 s and 3 s). */
  connectTimeout: "5s",
  poolIdleTimeout: "1h",
  keepalive: { time: "2h", interval: "75s", probes: 9 },
  outlier: { consecutive5xx: 5, interval: "10s", baseEjectionTime: "30s", maxEjectionPercent: 10, minHealthPercent: 0 },
  healthCheck: {
    path: "/",
    interval: "10s",
    timeout: "2s",
    healthyThreshold: 2,
    unhealthyThreshold: 3,
    expectedStatuses: "200-299",
  },
  retryBudget: { percent: 20, minRetries: 3, interval: "10s" },
  rateLimit: { per: "1s", status: 429 },
  resolution: "DNS" as "DNS" | "STATIC" | "NONE",
  externalTlsMode: "SIMPLE" as "SIMPLE" | "MUTUAL",
  listenerTlsMode: "TERMINATE" as "TERMINATE" | "PASSTHROUGH" | "MUTUAL",
  redirectHttp: false,
  weight: 1,
  timeout: "0s",
  idleTimeout: "0s",
  ignoreCase: false,
  negate: false,
  redirectCode: 302,
  directResponseBody: "",
  percent: 100,
  allowCredentials: false,
  retries: {
    attempts: 0,
    perTryTimeout: "0s",
    /** Only what surely never reached the application: safe for every method. */
    on: ["connect-failure", "refused-stream"] as readonly RetryCondition[],
    backoffBase: "25ms",
    backoffMax: "250ms",
  },
  authorizationAction: "ALLOW" as "ALLOW" | "DENY" | "AUDIT",
  jwt: { header: "Authorization", prefix: "Bearer ", ownHeaderPrefix: "", forward: false, required: false },
  defaultDeny: false,
  metrics: true,
  tracingProvider: "otlp",
  samplingPercent: 1,
  accessLog: { format: "json" as "json" | "text", filter: "all" as "all" | "errors" },
} as const;

/** Names that follow from what was written. */
export const derived = {
  /** The selector of a service that names no labels. */
  serviceLabels: (service: string) => ({ app: service }),
  versionLabels: (version: string) => ({ version }),
  workloadName: (service: string, version: string) => `${service}-${version}`,
  portName: (protocol: string, port: number) => `${protocol}-${port}`,
  gatewaySelector: (gateway: string) => ({ app: gateway }),
};
