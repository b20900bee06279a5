import type { HashPolicy } from "../balancing/hash-policy";
import type { Fraction } from "../core/fraction";
import type { FilterChain } from "../filters/filter";
import type { Random } from "../core/random";
import type { HeaderList } from "../core/header-list";
import type { HeaderMutation } from "./header-mutation";
import type { PathRewrite } from "./rewrite";
import type { RetryPolicy } from "./retry-policy";

/** Shares of a route. The weights' sum is the total; a weight of 0 takes nothing. */
export interface WeightedCluster {
  readonly name: string;
  readonly weight: number;
  /** Of this share, with those of its route and above; undefined: the route's. */
  readonly headers?: HeaderRules | undefined;
  /** In place of the route's; empty or undefined: the route's. */
  readonly hostRewrite?: string | undefined;
  /** In place of the route's. */
  readonly filters?: FilterChain | undefined;
}

/** Chooses the cluster of a request. */
export class ClusterChoice {
  private readonly total: number;

  constructor(
    private readonly clusters: readonly WeightedCluster[],
    /** Lower-case header whose number, modulo the total, is the random value (`header_name`); empty: chance. */
    private readonly headerName = "",
  ) {
    this.total = clusters.reduce((sum, c) => sum + c.weight, 0);
  }

  choose(headers: HeaderList, random: Random): WeightedCluster {
    const clusters = this.clusters;
    if (clusters.length === 1 && this.headerName === "") return clusters[0] as WeightedCluster;
    let value: number | undefined;
    if (this.headerName !== "") value = wholeNumber(headers.lookup(this.headerName), this.total);
    value ??= random.below(this.total);
    for (const cluster of clusters) {
      if (value < cluster.weight) return cluster;
      value -= cluster.weight;
    }
    return clusters[clusters.length - 1] as WeightedCluster;
  }

  names(): readonly string[] {
    return this.clusters.map((c) => c.name);
  }
}

/** `text` modulo `total` if it is a whole number of at most 64 bits. */
function wholeNumber(text: string | undefined, total: number): number | undefined {
  if (text === undefined || !/^\d{1,20}$/.test(text)) return undefined;
  const value = BigInt(text);
  return value > 0xffff_ffff_ffff_ffffn ? undefined : Number(value % BigInt(total));
}

/** Where a share of requests goes a second time. */
export interface MirrorPolicy {
  readonly cluster: string;
  readonly share: Fraction;
  /** `-shadow` is added to Host. */
  readonly shadowSuffix: boolean;
}

export interface StreamLimit {
  /** Milliseconds; 0: no limit; undefined: the connection manager's. */
  readonly limit: number | undefined;
  /** The client's grpc-timeout counts, up to this many milliseconds (0: any); undefined: it does not. */
  readonly grpcHeaderMax: number | undefined;
}

/** Sends the request on. */
export interface ForwardAction {
  readonly kind: "forward";
  readonly clusters: ClusterChoice;
  /** Milliseconds for the whole exchange after the request was received, retries included; 0: no limit. */
  readonly timeout: number;
  /** Milliseconds without a byte in either direction; 0: off; undefined: the connection manager's. */
  readonly idleTimeout: number | undefined;
  readonly retry: RetryPolicy | undefined;
  /** What of the request chooses the host, where the cluster hashes. */
  readonly hash?: readonly HashPolicy[];
  readonly hostRewrite: string;
  /** Lower-case header that names the Host to send; empty: none. */
  readonly hostRewriteHeader: string;
  /** Host becomes the name of the chosen upstream host, where it has one. */
  readonly autoHostRewrite: boolean;
  readonly rewrite: PathRewrite | undefined;
  readonly mirrors: readonly MirrorPolicy[];
  readonly maxStreamDuration: StreamLimit | undefined;
  /** Bytes of a body that are held for retries and mirrors; undefined: the listener's limit. */
  readonly bufferLimit: number | undefined;
  /** Requests, and responses, say in x-envoy-attempt-count which try they are of. */
  readonly attemptCount: boolean;
  readonly attemptCountInResponse: boolean;
  /** Status when the named cluster does not exist. */
  readonly clusterNotFoundStatus: number;
  /** Upgrades that this route allows or refuses, over the connection manager's; lower case. */
  readonly upgrades: ReadonlyMap<string, boolean>;
}

export interface DirectAction {
  readonly kind: "direct";
  readonly status: number;
  /** latin1. */
  readonly body: string;
}

export interface RedirectAction {
  readonly kind: "redirect";
  readonly status: number;
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly rewrite: PathRewrite | undefined;
  readonly stripQuery: boolean;
}

export type RouteAction = ForwardAction | DirectAction | RedirectAction;

/** Rules for headers at one level, in the order in which they apply. */
export interface HeaderRules {
  readonly request: readonly HeaderMutation[];
  readonly response: readonly HeaderMutation[];
}
