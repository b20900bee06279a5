import type { Runtime } from "../core/runtime";
import type { Transport } from "../net/transport";
import type { HeaderList } from "../core/header-list";
import type { RouteInput } from "../routing/conditions";
import type { Cluster } from "../upstream/cluster";
import type { HeaderMutation } from "../routing/header-mutation";

/** What a filter says about a request. */
export const enum Verdict {
  Continue,
  /** Wait until `resume`; no more body is read. */
  Stop,
  /** Read on until the request is complete, then go on with the next filter. */
  Buffer,
  /** Answered. */
  Replied,
}

/** Metadata by namespace, as Envoy's filters leave it for those behind them. */
export type Metadata = Readonly<Record<string, unknown>>;

/** What filters may see and do. `generation` names the exchange's present life for callbacks that come later. */
export interface FilteredExchange extends RouteInput {
  readonly generation: number;
  readonly runtime: Runtime;
  readonly transport: Transport;
  readonly headers: HeaderList;
  /** Address of the client as the connection manager's rules tell it; the connection's own is `transport`'s. */
  readonly clientIp: string;
  readonly listener: string;
  /** Server name that the client asked for in its TLS handshake; empty without one. */
  readonly serverName: string;
  /** Metadata of the route, by namespace; undefined without a route or without any. */
  readonly routeMetadata: Metadata | undefined;
  /** Set by filters for those behind them, by namespace. */
  dynamicMetadata: Record<string, unknown> | undefined;
  /** The allowed Origin of a cross-origin request; empty when it is none. Set by the CORS filter. */
  corsOrigin: string;
  /** The fault filter that counts this request as one of its active faults. */
  activeFaults: { release(): void } | null;
  /** Bits of core/flags that the request is to carry, whatever its end. */
  flag(bits: number): void;
  /** Answers in place of the upstream. Latin1 text; `extra` headers come before those that every response has. */
  reply(status: number, body: string, flags: number, details: string, extra?: readonly HeaderMutation[]): void;
  /** Clusters in force, by name. */
  readonly clusters: ReadonlyMap<string, Cluster>;
  /** Replaces the query, without its `?`. */
  setQuery(query: string): void;
  /** True while the exchange of that life waits for `resume`; only then may a late callback touch it. */
  waits(generation: number): boolean;
  /** After `Stop`: go on with the next filter. Does nothing in another life, or when the exchange waits no more. */
  resume(generation: number): void;
  /** With `Stop`: calls `onDelayOver` of the same filter after `ms`, unless the exchange ends before. */
  delay(ms: number, filter: HttpFilter): void;
  /** With `Verdict.Buffer`: at most this many bytes, or the answer is 413. */
  bufferLimitBytes: number;
}

/** Which steps of a chain a filter takes part in, so that the others are skipped. */
export const enum Hook {
  Request = 1,
  Response = 2,
}

/** One HTTP filter of a chain, shared by all requests: it keeps no state of one request. */
export interface HttpFilter {
  readonly name: string;
  readonly hooks: number;
  onRequest?(exchange: FilteredExchange): Verdict;
  /** The delay that this filter asked for is over. */
  onDelayOver?(exchange: FilteredExchange): Verdict;
  /** Before the response's head goes to the client, whoever made it. */
  onResponse?(exchange: FilteredExchange, headers: HeaderList): void;
}

/** The filters of one route in order, overrides merged in and disabled ones left out. */
export class FilterChain {
  static readonly none = new FilterChain([]);
  readonly request: readonly HttpFilter[];
  /** In the order in which responses pass: the last filter first. */
  readonly response: readonly HttpFilter[];

  constructor(readonly filters: readonly HttpFilter[]) {
    this.request = filters.filter((f) => (f.hooks & Hook.Request) !== 0);
    this.response = filters.filter((f) => (f.hooks & Hook.Response) !== 0).reverse();
  }
}
