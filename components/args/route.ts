import type { RetryCondition } from "./enums";
import type { GrpcFiltersArgs, HttpFiltersArgs } from "./filters";
import type { GrpcMatchArgs, HttpMatchArgs, TlsMatchArgs } from "./match";

/** Where the requests to a name go: rules of one kind (http, grpc, tcp or tls), first match wins. */
export interface MeshRouteArgs {
  /** Name of the route; default the component's name. */
  name?: string;
  /** Kubernetes namespace of the route; default its first parent's. */
  namespace?: string;
  /** Short for one parent that is a service: name or namespace/name. */
  service?: string;
  /** Short for one parent that is a gateway: name or namespace/name. */
  gateway?: string;
  /** What it is attached to; needed unless service or gateway says it. */
  parents?: RouteParentArgs[];
  /** Names it answers to besides a service parent's own; with a gateway empty means the listener's. */
  hostnames?: string[];
  /** Rules over HTTP requests. */
  http?: HttpRuleArgs[];
  /** Rules over gRPC calls. */
  grpc?: GrpcRuleArgs[];
  /** The rule over TCP connections. */
  tcp?: TcpRuleArgs[];
  /** Rules over TLS connections, by server name. */
  tls?: TlsRuleArgs[];
}

/** What a route is attached to: exactly one of service and gateway. */
export interface RouteParentArgs {
  /** Service whose callers are routed: name or namespace/name. */
  service?: string;
  /** Only this port of the service, or of the gateway; every port when left out. */
  port?: number;
  /** Gateway whose visitors are routed: name or namespace/name. */
  gateway?: string;
  /** Only this listener of the gateway; every one when left out. */
  listener?: string;
}

/** One rule over HTTP requests. */
export interface HttpRuleArgs {
  /** Name shown in findings and metrics; its position when left out. */
  name?: string;
  /** Any of these; empty: every request. */
  matches?: HttpMatchArgs[];
  /** Who answers, by weight; needed unless filters answer. */
  backends?: RouteBackendArgs[];
  /** Changes on the way. */
  filters?: HttpFiltersArgs;
  /** Longest time for a request, retries included; 0s: no limit. */
  timeout?: string;
  /** Ended after this time without a byte; 0s: never. */
  idleTimeout?: string;
  /** When and how often a request is tried again. */
  retries?: RetriesArgs;
}

/** One rule over gRPC calls. */
export interface GrpcRuleArgs {
  /** Name shown in findings and metrics; its position when left out. */
  name?: string;
  /** Any of these; empty: every call. */
  matches?: GrpcMatchArgs[];
  /** Who answers, by weight. */
  backends: RouteBackendArgs[];
  /** Changes on the way. */
  filters?: GrpcFiltersArgs;
  /** Longest time for a call, retries included; 0s: no limit. */
  timeout?: string;
  /** Ended after this time without a byte; 0s: never. */
  idleTimeout?: string;
  /** When and how often a call is tried again. */
  retries?: RetriesArgs;
}

/** The rule over TCP connections. */
export interface TcpRuleArgs {
  /** Name shown in findings and metrics; its position when left out. */
  name?: string;
  /** Who answers, by weight. */
  backends: RouteBackendArgs[];
  /** Ended after this time without a byte; 0s: never. */
  idleTimeout?: string;
}

/** One rule over TLS connections. */
export interface TlsRuleArgs {
  /** Name shown in findings and metrics; its position when left out. */
  name?: string;
  /** Any of these. */
  matches: TlsMatchArgs[];
  /** Who answers, by weight. */
  backends: RouteBackendArgs[];
  /** Ended after this time without a byte; 0s: never. */
  idleTimeout?: string;
}

/** Who answers. */
export interface RouteBackendArgs {
  /** Service or external service that answers: name or namespace/name. */
  service: string;
  /** Version that answers; any when left out. */
  version?: string;
  /** Port of that service; default its only port. */
  port?: number;
  /** Share of the rule's total; 0: no traffic; default 1. */
  weight?: number;
}

/** When and how often a request is tried again. */
export interface RetriesArgs {
  /** Tries after the first; 0: never retried; default 0. */
  attempts?: number;
  /** Time one try may take; 0s: the request's own timeout. */
  perTryTimeout?: string;
  /** What is retried; empty: only statuses. */
  on?: RetryCondition[];
  /** Statuses retried besides. */
  statuses?: number[];
  /** Waits between tries. */
  backoff?: BackoffArgs;
}

/** Waits between tries. */
export interface BackoffArgs {
  /** Wait before the first retry, doubled for each further one. */
  base?: string;
  /** Longest wait. */
  max?: string;
}
