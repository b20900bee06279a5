import type { PeerIdentity } from "./security";
import type { Span } from "./span";
import type { ClusterStats, DownstreamStats, HostStats, ListenerStats } from "./stats";

/** What admin, statistics and access logs may see of a running proxy. Reading it changes nothing. */
export interface ProxyView {
  readonly state: "PRE_INITIALIZING" | "LIVE" | "DRAINING";
  clusters(): Iterable<ClusterView>;
  listeners(): Iterable<ListenerView>;
  /** One entry for each HTTP connection manager by its `stat_prefix`; equal prefixes share one. */
  downstreams(): Iterable<{ readonly statPrefix: string; readonly stats: DownstreamStats }>;
  /** The configuration in force as it was read, and when (wall milliseconds). */
  config(): { readonly bootstrap: unknown; readonly loadedAt: number; readonly version: number };
}

export interface ClusterView {
  readonly name: string;
  readonly stats: ClusterStats;
  /** Envoy's filter_metadata of the cluster, by namespace (`istio`: services …), for `destination_*` labels. */
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly limits: {
    readonly maxConnections: number;
    readonly maxPendingRequests: number;
    readonly maxRequests: number;
    readonly maxRetries: number;
  };
  readonly hosts: readonly HostView[];
  /** Gauges of circuit breakers by name: `circuit_breakers.default.cx_open` … */
  breakers(): Readonly<Record<string, number>>;
}

export interface HostView {
  readonly address: string;
  readonly port: number;
  readonly weight: number;
  readonly priority: number;
  readonly hostname: string;
  readonly region: string;
  readonly zone: string;
  readonly subZone: string;
  readonly stats: HostStats;
  /** Envoy's health flags: `healthy`, or `/failed_outlier_check`, `/failed_active_hc` … */
  readonly healthFlags: string;
}

export interface ListenerView {
  readonly name: string;
  /** As bound: an ephemeral port is resolved. */
  readonly address: string;
  readonly port: number;
  readonly stats: ListenerStats;
}

/**
 * One finished request, handed to the log and the metrics. It is reused at once afterwards: copy what outlives the call.
 * Strings are latin1 (a character a byte).
 */
export interface RequestRecord {
  readonly listener: string;
  readonly statPrefix: string;
  /** `inbound`, `outbound` or empty, from the listener's `traffic_direction`. */
  readonly direction: string;
  readonly method: string;
  /** As it was received. */
  readonly target: string;
  /** As it was routed: normalised, with its query. */
  readonly path: string;
  readonly authority: string;
  readonly protocol: string;
  requestHeader(name: string): string | undefined;
  responseHeader(name: string): string | undefined;
  readonly routeName: string;
  readonly cluster: ClusterView | undefined;
  readonly upstreamHost: HostView | undefined;
  readonly status: number;
  /** Bits of core/flags. */
  readonly flags: number;
  /** Why, in Envoy's words: `via_upstream`, `route_not_found`, `no_healthy_upstream` … */
  readonly details: string;
  readonly attempts: number;
  /** Wall milliseconds at which the head was parsed. */
  readonly startedAt: number;
  /** Milliseconds from the head to the last byte written. */
  readonly durationMs: number;
  /** Milliseconds that the upstream took to its response head; −1 without one. */
  readonly upstreamMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly clientAddress: string;
  readonly clientPort: number;
  readonly localAddress: string;
  readonly localPort: number;
  /** Verified identities of the downstream connection, and of the upstream host's certificate. */
  readonly peer: PeerIdentity | undefined;
  readonly upstreamPeer: PeerIdentity | undefined;
  /** Where its connection manager traces. */
  readonly span: Span | undefined;
}

/** Gets every finished request. Called synchronously: it must be cheap and must not throw. */
export interface RequestObserver {
  onRequest(record: RequestRecord): void;
}
