/** Where requests go, and what happens to them on the way. */
import type { Labels, Ref } from "./common";

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
