/**
 * The resolved model: what every check, renderer and estimate reads.
 *
 * Resolved means: defaults are filled in (src/model/defaults.ts), durations are milliseconds, percentages are
 * numbers from 0 to 100, byte sizes are bytes, and every reference carries its namespace. Nothing here is optional
 * for lack of a default; an optional field means "not asked for".
 *
 * `path` is where the user wrote it, relative to `spec` (`routes[0].http[1]`): findings point there.
 */

/** A value known only at deployment (a Pulumi Output or a promise), passed through untouched, or a plain one. */
export type Leaf<T> = T | Opaque;
/** Something with a `then` or an `apply`: renderers copy it and never look inside. */
export type Opaque = { readonly apply: unknown } | PromiseLike<unknown>;

export type Labels = Readonly<Record<string, string>>;
export type MtlsMode = "STRICT" | "PERMISSIVE" | "DISABLE";
export type Protocol = "http" | "http2" | "grpc" | "tcp" | "tls";
export type TlsVersion = "1.2" | "1.3";
export type BackendName = "istio" | "istio-managed-csm" | "linkerd" | "appmesh" | "gcsm" | "vpc-lattice" | "proxy";
/** Names what has a namespace. Two refs mean the same thing when `keyOf` gives the same text. */
export interface Ref {
  readonly name: string;
  readonly namespace: string;
}
/** `namespace/name`, the key of every map over services, routes and the like. */
export const keyOf = (ref: Ref): string => `${ref.namespace}/${ref.name}`;

export interface Model {
  readonly apiVersion: "meshup/v1";
  readonly name: string;
  /** The default for what names no namespace. */
  readonly namespace: string;
  /** SPIFFE trust domain, e.g. `cluster.local`. */
  readonly trustDomain: string;
  readonly mtls: { readonly mode: MtlsMode; readonly minVersion: TlsVersion };
  /** Every namespace that anything names, in order of first mention. */
  readonly namespaces: readonly Namespace[];
  readonly backends: Readonly<Partial<Record<BackendName, BackendSettings>>>;
  readonly services: readonly Service[];
  readonly externalServices: readonly ExternalService[];
  readonly gateways: readonly Gateway[];
  readonly routes: readonly Route[];
  readonly egress: { readonly mode: "REGISTRY_ONLY" | "ALLOW_ANY" };
  readonly policies: Policies;
  readonly telemetry: Telemetry;
  /** What the user wrote, as one document. `wrote(model, path)` asks whether a field was written or defaulted. */
  readonly source: unknown;
}

export interface Namespace {
  readonly path: string;
  readonly name: string;
  /** Render the Namespace itself. Default: true for the mesh's own namespace, false for others not listed. */
  readonly create: boolean;
  /** Sidecars are injected. Default true. */
  readonly inject: boolean;
  readonly labels: Labels;
}

export interface Accepted {
  readonly feature: string;
  readonly reason: string;
}
/** `spec.backends.NAME`: the accept list and whatever flat settings that backend needs (leaves may be Inputs). */
export interface BackendSettings {
  readonly accept: readonly Accepted[];
  readonly install: "none" | "helm";
  readonly version?: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

// ── services ────────────────────────────────────────────────────────────────────────────────────────────────

export interface Service extends Ref {
  readonly path: string;
  /** The selector: pods of every version carry these. */
  readonly labels: Labels;
  readonly calls: readonly Call[];
  readonly ports: readonly Port[];
  readonly versions: readonly Version[];
  readonly traffic: Traffic;
}
/** One edge of the call graph. */
export interface Call extends Ref {
  readonly path: string;
  readonly kind: "service" | "external";
  /** The caller cannot answer without it. Default true. */
  readonly required: boolean;
}
export interface Port {
  readonly path: string;
  readonly name: string;
  readonly port: number;
  readonly targetPort: number;
  readonly protocol: Protocol;
  /** Overrides the policies for this port. */
  readonly mtls?: MtlsMode;
  /** The server sends the first byte (MySQL, SMTP): no protocol can be detected. */
  readonly serverFirst: boolean;
}
export interface Version {
  readonly path: string;
  readonly name: string;
  readonly labels: Labels;
  /** Absent: the pods exist already. */
  readonly workload?: Workload;
}
export interface Workload {
  readonly path: string;
  readonly name: string;
  readonly replicas: number;
  readonly serviceAccount: string;
  readonly container?: Container;
  /** Merged over the pod template. */
  readonly template?: Readonly<Record<string, unknown>>;
  /** What to start where there is no cluster. */
  readonly host?: HostWorkload;
  /** The address family the application binds: `loopback` lets a callee's port equal one of its own. */
  readonly bind: "any" | "loopback";
  readonly annotations: Labels;
}
export interface Container {
  readonly path: string;
  readonly name: string;
  readonly image: Leaf<string>;
  /** Main port; default the first port's targetPort. */
  readonly port: number;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, Leaf<string>>>;
  readonly resources: { readonly requests: Resources; readonly limits: Resources };
  readonly probes: { readonly liveness?: Probe; readonly readiness?: Probe; readonly startup?: Probe };
}
/** Kubernetes quantities parsed: cpu in cores, memory in bytes. Absent: not set. */
export interface Resources {
  readonly cpu?: number;
  readonly memory?: number;
}
export interface Probe {
  readonly path: string;
  readonly kind: "http" | "tcp" | "grpc" | "exec";
  readonly httpPath?: string;
  readonly port?: number;
  readonly command?: readonly string[];
  readonly periodMs: number;
  readonly timeoutMs: number;
  readonly initialDelayMs: number;
  readonly failureThreshold: number;
}
export interface HostWorkload {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

// ── destination policy ──────────────────────────────────────────────────────────────────────────────────────

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

// ── outside ─────────────────────────────────────────────────────────────────────────────────────────────────

export interface ExternalService extends Ref {
  readonly path: string;
  readonly hosts: readonly string[];
  readonly ports: readonly Port[];
  readonly resolution: "DNS" | "STATIC" | "NONE";
  readonly addresses: readonly string[];
  readonly tls?: {
    readonly mode: "SIMPLE" | "MUTUAL";
    readonly sni?: string;
    readonly caCertificates?: string;
    readonly certificateRef?: Leaf<string>;
  };
}
export interface Gateway extends Ref {
  readonly path: string;
  /** Pods that serve it. */
  readonly selector: Labels;
  readonly serviceAccount: string;
  readonly listeners: readonly Listener[];
}
export interface Listener {
  readonly path: string;
  readonly name: string;
  readonly port: number;
  readonly protocol: "http" | "https" | "tcp" | "tls" | "grpc";
  readonly hostname?: string;
  readonly tls?: {
    readonly mode: "TERMINATE" | "PASSTHROUGH" | "MUTUAL";
    readonly certificateRef?: Leaf<string>;
    readonly minVersion: TlsVersion;
    readonly redirectHttp: boolean;
  };
}

// ── routes ──────────────────────────────────────────────────────────────────────────────────────────────────

export interface Route extends Ref {
  readonly path: string;
  readonly parents: readonly Parent[];
  /** Extra names; a service parent's own names are always included. */
  readonly hostnames: readonly string[];
  readonly kind: "http" | "grpc" | "tcp" | "tls";
  /** For kind http and grpc, first match wins in the order written. */
  readonly rules: readonly Rule[];
}
export interface Parent extends Ref {
  readonly path: string;
  readonly kind: "service" | "gateway";
  readonly port?: number;
  readonly listener?: string;
}
/** One rule of any kind; a tcp rule has no matches, a tls rule matches by sni. */
export interface Rule {
  readonly path: string;
  readonly name?: string;
  /** Any of these; empty means all. */
  readonly matches: readonly Match[];
  readonly backends: readonly RouteBackend[];
  readonly filters: Filters;
  /** 0: none. Default 0. */
  readonly timeoutMs: number;
  /** 0: none. Default 0. */
  readonly idleTimeoutMs: number;
  readonly retries: Retries;
}
/** All conditions must hold. */
export interface Match {
  readonly path: string;
  readonly uri?: PathMatch;
  readonly methods: readonly string[];
  readonly headers: readonly ValueMatch[];
  readonly query: readonly ValueMatch[];
  readonly grpc?: { readonly service?: string; readonly method?: string };
  readonly sni: readonly string[];
  readonly source?: { readonly service?: Ref; readonly namespace?: string };
}
/** A prefix ends on a segment boundary: `/v1` matches `/v1` and `/v1/x`, not `/v10`. A regex is RE2, whole path. */
export interface PathMatch {
  readonly kind: "exact" | "prefix" | "regex";
  readonly value: string;
  readonly ignoreCase: boolean;
}
export interface ValueMatch {
  readonly path: string;
  readonly name: string;
  readonly kind: "exact" | "prefix" | "suffix" | "regex" | "present";
  readonly value: string;
  readonly negate: boolean;
}
export interface RouteBackend extends Ref {
  readonly path: string;
  readonly kind: "service" | "external";
  readonly version?: string;
  readonly port: number;
  /** Share of the rule's total. Default 1. */
  readonly weight: number;
}
export interface Filters {
  readonly rewrite?: {
    readonly path: string;
    readonly prefix?: string;
    readonly full?: string;
    readonly regex?: { readonly pattern: string; readonly substitution: string };
    readonly host?: string;
  };
  readonly redirect?: {
    readonly path: string;
    readonly scheme?: string;
    readonly host?: string;
    readonly port?: number;
    readonly pathFull?: string;
    readonly pathPrefix?: string;
    readonly code: number;
  };
  readonly directResponse?: { readonly path: string; readonly status: number; readonly body: string };
  readonly requestHeaders?: HeaderChange;
  readonly responseHeaders?: HeaderChange;
  readonly cors?: Cors;
  readonly mirrors: readonly Mirror[];
  readonly fault?: Fault;
}
export interface HeaderChange {
  readonly path: string;
  readonly set: Labels;
  readonly add: Labels;
  readonly remove: readonly string[];
}
export interface Cors {
  readonly path: string;
  readonly allowOrigins: readonly { readonly kind: "exact" | "prefix" | "regex"; readonly value: string }[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeMs?: number;
  readonly allowCredentials: boolean;
}
export interface Mirror extends Ref {
  readonly path: string;
  readonly kind: "service" | "external";
  readonly version?: string;
  readonly port: number;
  readonly percent: number;
}
export interface Fault {
  readonly path: string;
  readonly delay?: { readonly durationMs: number; readonly percent: number };
  readonly abort?: { readonly status?: number; readonly grpcStatus?: string; readonly percent: number };
}
export type RetryCondition =
  | "5xx"
  | "gateway-error"
  | "reset"
  | "connect-failure"
  | "refused-stream"
  | "retriable-4xx"
  | "cancelled"
  | "deadline-exceeded"
  | "internal"
  | "resource-exhausted"
  | "unavailable";
export interface Retries {
  readonly path: string;
  /** Tries after the first. 0: never retried. Default 0. */
  readonly attempts: number;
  /** 0: the request's own timeout. */
  readonly perTryTimeoutMs: number;
  readonly on: readonly RetryCondition[];
  /** Statuses retried besides the conditions. */
  readonly statuses: readonly number[];
  readonly backoff: { readonly baseMs: number; readonly maxMs: number };
}

// ── policies ────────────────────────────────────────────────────────────────────────────────────────────────

export interface Policies {
  readonly mtls: readonly MtlsPolicy[];
  readonly authorization: readonly AuthorizationPolicy[];
  readonly jwt: readonly JwtPolicy[];
  /** Namespaces (or `*`) where what no ALLOW names is denied. */
  readonly defaultDeny: readonly { readonly path: string; readonly namespace: string }[];
}
/** What a policy applies to: a whole namespace (no service, no selector), one service, or what labels select. */
export interface Target {
  readonly namespace: string;
  readonly service?: Ref;
  readonly selector?: Labels;
}
export interface MtlsPolicy extends Ref {
  readonly path: string;
  readonly target: Target;
  readonly mode: MtlsMode;
  /** By workload (target) port. */
  readonly ports: readonly { readonly path: string; readonly port: number; readonly mode: MtlsMode }[];
}
export interface AuthorizationPolicy extends Ref {
  readonly path: string;
  readonly target: Target;
  readonly action: "ALLOW" | "DENY" | "AUDIT";
  /** Any of these. ALLOW with none allows nothing. */
  readonly rules: readonly AuthorizationRule[];
}
/** All three parts must hold; within a part any entry. */
export interface AuthorizationRule {
  readonly path: string;
  readonly from: readonly Source[];
  readonly to: readonly Operation[];
  readonly when: readonly ClaimMatch[];
}
export interface Source {
  readonly path: string;
  /** The identities of this service's workloads. */
  readonly services: readonly Ref[];
  /** SPIFFE IDs without scheme; `*` at either end. */
  readonly principals: readonly string[];
  readonly namespaces: readonly string[];
  readonly ipBlocks: readonly string[];
  readonly requestPrincipals: readonly string[];
  readonly not: {
    readonly principals: readonly string[];
    readonly namespaces: readonly string[];
    readonly ipBlocks: readonly string[];
  };
}
export interface Operation {
  readonly path: string;
  readonly methods: readonly string[];
  /** Exact, or with `*` at either end. */
  readonly paths: readonly string[];
  readonly ports: readonly number[];
  readonly hosts: readonly string[];
  readonly not: {
    readonly methods: readonly string[];
    readonly paths: readonly string[];
    readonly ports: readonly number[];
  };
}
export interface ClaimMatch {
  readonly path: string;
  readonly claim: string;
  readonly values: readonly string[];
  readonly negate: boolean;
}
export interface JwtPolicy extends Ref {
  readonly path: string;
  readonly target: Target;
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly jwksUri?: Leaf<string>;
  readonly jwks?: string;
  readonly fromHeaders: readonly { readonly name: string; readonly prefix: string }[];
  readonly forward: boolean;
  /** Refuse requests without a token. Default false: only bad tokens are refused. */
  readonly required: boolean;
}
export interface Telemetry {
  readonly path: string;
  readonly metrics: { readonly enabled: boolean };
  readonly tracing?: {
    readonly path: string;
    readonly provider: string;
    readonly samplingPercent: number;
    readonly endpoint?: string;
  };
  readonly accessLogs?: {
    readonly path: string;
    readonly format: "json" | "text";
    readonly template?: string;
    readonly filter: "all" | "errors";
  };
}
