import type { DownstreamTls } from "./core/security";
import type { ChainMatch } from "./net/chain-match";
import type { HttpConfig } from "./http/config";
import type { ClusterConfig } from "./upstream/config";

/** A whole configuration, compiled. Immutable; the worker swaps one for the next. */
export interface WorkerConfig {
  readonly listeners: readonly ListenerConfig[];
  readonly clusters: readonly ClusterConfig[];
}

export interface ListenerConfig {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** What is looked at before a chain is chosen: nothing, whether TLS begins, or also what its client asks for. */
  readonly inspects: "nothing" | "transport" | "hello";
  /** Milliseconds for that; 0: no limit. */
  readonly inspectTimeout: number;
  /** A connection that is late then is served as one of which nothing is known; otherwise it is closed. */
  readonly servesLate: boolean;
  readonly chains: readonly ChainConfig[];
  /** Serves what no chain matches. */
  readonly defaultChain: ChainConfig | undefined;
}

export interface ChainConfig {
  readonly name: string;
  /** Equal keys in one listener are the same chain with the same security. */
  readonly key: string;
  readonly match: ChainMatch;
  readonly tls: DownstreamTls | undefined;
  readonly http: HttpConfig;
}
