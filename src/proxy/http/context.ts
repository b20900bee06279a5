import type { Runtime } from "../core/runtime";
import type { RequestObserver } from "../core/view";
import type { Cluster } from "../upstream/cluster";
import type { DateLine } from "./date";
import type { Exchange } from "./exchange";

/** What the request path shares in one worker. */
export interface HttpContext {
  readonly runtime: Runtime;
  readonly date: DateLine;
  /** Clusters in force, by name. */
  readonly clusterMap: ReadonlyMap<string, Cluster>;
  readonly observers: readonly RequestObserver[];
  /** Responses close their connections: the proxy is going away. */
  readonly draining: boolean;
  /** Exchanges to use again. */
  takeExchange(): Exchange;
  giveExchange(exchange: Exchange): void;
}
