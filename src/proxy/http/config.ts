import type { CidrRange } from "../authz/cidr";
import type { DownstreamStats } from "../core/stats";
import type { RequestObserver } from "../core/view";
import type { ParserLimits } from "../http1/parser";
import type { RouteTable } from "../routing/table";
import type { FilterChain } from "../filters/filter";
import type { Tracer } from "../telemetry/tracer";

export type ForwardClientCert = "SANITIZE" | "FORWARD_ONLY" | "APPEND_FORWARD" | "SANITIZE_SET" | "ALWAYS_FORWARD_ONLY";

export type EscapedSlashes = "KEEP_UNCHANGED" | "REJECT_REQUEST" | "UNESCAPE_AND_REDIRECT" | "UNESCAPE_AND_FORWARD";

/** One HTTP connection manager as configured. Immutable: a new configuration brings a new object. */
export interface HttpConfig {
  readonly statPrefix: string;
  readonly stats: DownstreamStats;
  readonly routes: RouteTable;
  /** Of requests without a route; the router is implied at the end. */
  readonly filters: FilterChain;
  /** Access logs of this manager. */
  readonly observers: readonly RequestObserver[];
  /** Makes spans of its requests; it is one of the observers too. */
  readonly tracing?: Tracer | undefined;
  /** Written as `server`: always, where the upstream wrote none, or never. */
  readonly serverName: string;
  readonly serverHeader: "OVERWRITE" | "APPEND_IF_ABSENT" | "PASS_THROUGH";
  /** Trailers are forwarded where the cluster takes them too; otherwise they are dropped. */
  readonly trailers: boolean;
  /** The scheme that requests are said to have; empty: that of their connection. */
  readonly scheme: string;
  readonly generateRequestId: boolean;
  readonly preserveExternalRequestId: boolean;
  readonly alwaysSetRequestIdInResponse: boolean;
  /** The router adds no x-envoy-* fields of its own. */
  readonly suppressEnvoyHeaders: boolean;
  readonly normalizePath: boolean;
  readonly mergeSlashes: boolean;
  readonly escapedSlashes: EscapedSlashes;
  /** Host is forwarded, and routed, without its port. */
  readonly stripPort: boolean;
  readonly limits: ParserLimits;
  /** Milliseconds to receive a request head once its first byte came; 0: no limit. */
  readonly headersTimeout: number;
  /** Milliseconds to receive a request, body and all; 0: no limit. */
  readonly requestTimeout: number;
  /** Milliseconds without activity of a request; 0: no limit. */
  readonly streamIdleTimeout: number;
  /** Milliseconds that a request and its response may take in all; 0: no limit. */
  readonly maxStreamDuration: number;
  /** Milliseconds without a request on a connection; 0: no limit. */
  readonly idleTimeout: number;
  /** Milliseconds after which a connection's next response is its last; 0: no limit. */
  readonly maxConnectionDuration: number;
  /** Milliseconds after that when it closes though nothing was asked. */
  readonly drainTimeout: number;
  /** Milliseconds for which a connection that we closed may go on reading our last bytes; 0: it goes at once. */
  readonly delayedCloseTimeout: number;
  /** Requests per connection; 0: any number. */
  readonly maxRequestsPerConnection: number;
  readonly useRemoteAddress: boolean;
  readonly skipXffAppend: boolean;
  /** Proxies in front of this one whose word about the client is believed. */
  readonly trustedHops: number;
  /** Addresses whose requests come from inside. */
  readonly internalRanges: readonly CidrRange[];
  readonly forwardClientCert: ForwardClientCert;
  readonly certDetails: { readonly subject: boolean; readonly uri: boolean; readonly dns: boolean };
  readonly underscores: "ALLOW" | "REJECT_REQUEST" | "DROP_HEADER";
  readonly acceptHttp10: boolean;
  readonly defaultHostForHttp10: string;
  /** Upgrades that are let through, lower case. */
  readonly upgrades: ReadonlySet<string>;
  /** Bytes that may wait to be written in one direction before the other stops reading. */
  readonly bufferLimit: number;
  readonly listener: string;
  readonly direction: string;
}
