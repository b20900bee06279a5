import { FilterChain } from "../../../src/proxy/filters/filter";
import type { HttpConfig } from "../../../src/proxy/http/config";
import type { RequestObserver, RequestRecord } from "../../../src/proxy/core/view";
import { flagNames } from "../../../src/proxy/core/flags";
import { ClusterChoice, type ForwardAction, type RouteAction } from "../../../src/proxy/routing/action";
import { pathTest } from "../../../src/proxy/routing/matchers";
import type { RetryPolicy } from "../../../src/proxy/routing/retry-policy";
import { RetryOn } from "../../../src/proxy/routing/retry-policy";
import { Route } from "../../../src/proxy/routing/route";
import { RouteIndex } from "../../../src/proxy/routing/route-index";
import { RouteTable } from "../../../src/proxy/routing/table";
import type { ClusterConfig, OutlierConfig } from "../../../src/proxy/upstream/config";
import { anyConnection } from "../../../src/proxy/net/chain-match";
import { Worker, type WorkerOptions } from "../../../src/proxy/worker";
import type { ChainConfig, ListenerConfig, WorkerConfig } from "../../../src/proxy/worker-config";
import { RawClient } from "./client";

export function clusterConfig(
  name: string,
  ports: readonly number[],
  over: Partial<ClusterConfig> = {},
): ClusterConfig {
  return {
    name,
    endpoints: ports.map((port) => ({ address: "127.0.0.1", port, weight: 1 })),
    dns: undefined,
    healthCheck: undefined,
    overprovisioning: 140,
    localityWeighted: false,
    connectTimeout: 2000,
    balancer: { kind: "round_robin" },
    limits: { maxConnections: 1024, maxPendingRequests: 1024, maxRequests: 1024, maxRetries: 100 },
    outlier: undefined,
    panicThreshold: 50,
    tls: undefined,
    trailers: false,
    idleTimeout: 0,
    maxRequestsPerConnection: 0,
    maxConnectionDuration: 0,
    maxResponseHeaders: 100,
    metadata: {},
    ...over,
  };
}

/** Envoy's defaults, rates switched off. */
export function outlierConfig(over: Partial<OutlierConfig> = {}): OutlierConfig {
  const rate = { enforcing: 0, enforcingLocalOrigin: 0, minimumHosts: 5, requestVolume: 100 };
  return {
    consecutive5xx: 5,
    enforcingConsecutive5xx: 100,
    consecutiveGatewayFailure: 5,
    enforcingConsecutiveGatewayFailure: 0,
    interval: 10_000,
    baseEjectionTime: 30_000,
    maxEjectionTime: 300_000,
    maxEjectionTimeJitter: 0,
    maxEjectionPercent: 10,
    splitLocalOrigin: false,
    consecutiveLocalOriginFailure: 5,
    enforcingConsecutiveLocalOriginFailure: 100,
    successRate: { ...rate, stdevFactor: 1900 },
    failurePercentage: { ...rate, threshold: 85 },
    ...over,
  };
}

export function retries(over: Partial<RetryPolicy> = {}): RetryPolicy {
  return {
    on: RetryOn.FiveXx,
    numRetries: 1,
    perTryTimeout: 0,
    perTryIdleTimeout: 0,
    responseHeaders: [],
    requestHeaders: [],
    resetHeaders: [],
    resetMax: 300_000,
    backOffBase: 1,
    backOffMax: 5,
    statusCodes: [],
    hostSelectionAttempts: 0,
    avoidPreviousHosts: false,
    ...over,
  };
}

export function forward(cluster: string, over: Partial<ForwardAction> = {}): ForwardAction {
  return {
    kind: "forward",
    clusters: new ClusterChoice([{ name: cluster, weight: 1 }]),
    timeout: 5000,
    idleTimeout: undefined,
    retry: undefined,
    hostRewrite: "",
    hostRewriteHeader: "",
    autoHostRewrite: false,
    rewrite: undefined,
    mirrors: [],
    maxStreamDuration: undefined,
    bufferLimit: undefined,
    attemptCount: false,
    attemptCountInResponse: false,
    clusterNotFoundStatus: 503,
    upgrades: new Map(),
    ...over,
  };
}

export function route(action: RouteAction, prefix = "/"): Route {
  return new Route("", pathTest({ prefix }), [], action, undefined);
}

export interface ProxySpec {
  readonly clusters: readonly ClusterConfig[];
  readonly routes: readonly Route[];
  readonly http?: Partial<HttpConfig>;
  readonly chain?: Partial<ChainConfig>;
  readonly inspects?: ListenerConfig["inspects"];
}

/** What a request left behind in the log, as values. */
export interface Logged {
  readonly status: number;
  readonly flags: string;
  readonly details: string;
  readonly attempts: number;
}

/** A worker on loopback with one listener, and what it logged. */
export class TestProxy implements RequestObserver {
  readonly worker: Worker;
  readonly log: Logged[] = [];
  private constructor(options: WorkerOptions) {
    this.worker = new Worker({ observers: [this], ...options });
  }

  /** `options`: what a test brings instead of the system's, such as a runtime whose time it turns. */
  static async start(spec: ProxySpec, options: WorkerOptions = {}): Promise<TestProxy> {
    const proxy = new TestProxy(options);
    await proxy.apply(spec);
    return proxy;
  }

  onRequest(record: RequestRecord): void {
    const { status, flags, details, attempts } = record;
    this.log.push({ status, flags: flagNames(flags), details, attempts });
  }

  async apply(spec: ProxySpec): Promise<void> {
    await this.worker.apply(this.config(spec), {});
  }

  private config(spec: ProxySpec): WorkerConfig {
    const http: HttpConfig = {
      statPrefix: "test",
      stats: this.worker.downstreamStats("test"),
      routes: new RouteTable("r", [{ name: "v", domains: ["*"], routes: RouteIndex.of(spec.routes) }]),
      filters: FilterChain.none,
      observers: [],
      serverName: "envoy",
      serverHeader: "OVERWRITE",
      scheme: "",
      trailers: false,
      generateRequestId: false,
      preserveExternalRequestId: false,
      alwaysSetRequestIdInResponse: false,
      normalizePath: true,
      mergeSlashes: false,
      escapedSlashes: "KEEP_UNCHANGED",
      limits: { headBytes: 60 * 1024, headers: 100 },
      headersTimeout: 0,
      requestTimeout: 0,
      maxConnectionDuration: 0,
      drainTimeout: 5000,
      delayedCloseTimeout: 1000,
      stripPort: false,
      suppressEnvoyHeaders: false,
      streamIdleTimeout: 0,
      maxStreamDuration: 0,
      idleTimeout: 0,
      maxRequestsPerConnection: 0,
      trustedHops: 0,
      internalRanges: [],
      useRemoteAddress: false,
      skipXffAppend: false,
      forwardClientCert: "SANITIZE",
      certDetails: { subject: false, uri: true, dns: false },
      underscores: "ALLOW",
      acceptHttp10: false,
      defaultHostForHttp10: "",
      upgrades: new Set(),
      bufferLimit: 1024 * 1024,
      listener: "test",
      direction: "",
      ...spec.http,
    };
    const chain: ChainConfig = {
      name: "chain",
      key: "chain",
      match: anyConnection,
      tls: undefined,
      http,
      ...spec.chain,
    };
    return {
      clusters: spec.clusters,
      listeners: [
        {
          name: "test",
          address: "127.0.0.1",
          port: 0,
          inspects: spec.inspects ?? "nothing",
          inspectTimeout: 0,
          servesLate: false,
          defaultChain: undefined,
          chains: [chain],
        },
      ],
    };
  }

  get port(): number {
    return [...this.worker.listeners()][0]?.port ?? 0;
  }

  client(halfOpen = false): Promise<RawClient> {
    return RawClient.open(this.port, halfOpen);
  }

  cluster(name = "up"): { stats: Record<string, number>; hosts: readonly { stats: { rq_active: number } }[] } {
    const found = [...this.worker.clusters()].find((c) => c.name === name);
    if (found === undefined) throw new Error(`no cluster ${name}`);
    return { stats: found.stats as unknown as Record<string, number>, hosts: found.hosts };
  }

  get downstream(): Record<string, number> {
    return this.worker.downstreamStats("test") as unknown as Record<string, number>;
  }

  /** Every gauge that is not 0 although nothing is in flight. */
  gauges(): string[] {
    const found: string[] = [];
    const look = (where: string, stats: object, names: readonly string[]): void => {
      for (const [name, value] of Object.entries(stats))
        if (names.includes(name) && value !== 0) found.push(`${where}.${name}=${value}`);
    };
    for (const cluster of this.worker.clusterMap.values()) {
      look(cluster.name, cluster.stats, ["upstream_rq_active", "upstream_rq_pending_active"]);
      if (cluster.retriesActive !== 0) found.push(`${cluster.name}.retriesActive=${cluster.retriesActive}`);
      for (const host of cluster.hosts) look(`${cluster.name}:${host.port}`, host.stats, ["rq_active"]);
    }
    look("downstream", this.downstream, ["downstream_rq_active", "downstream_cx_upgrades_active"]);
    if (this.worker.runtime.wheel.size !== 0) found.push(`wheel=${this.worker.runtime.wheel.size}`);
    return found;
  }

  close(): void {
    this.worker.close();
  }
}
