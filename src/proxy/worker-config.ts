import type { DownstreamTls } from "./core/security";
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
  /** The first bytes are looked at, to tell TLS from plain text. */
  readonly inspects: boolean;
  /** Milliseconds for the first byte where they are; 0: no limit. */
  readonly inspectTimeout: number;
  readonly chains: readonly ChainConfig[];
}

export interface ChainConfig {
  /** Equal keys in one listener are the same chain with the same security. */
  readonly key: string;
  /** `tls`, `raw_buffer`, or empty for any. */
  readonly transport: string;
  readonly tls: DownstreamTls | undefined;
  readonly http: HttpConfig;
}
