import { Levels } from "../balancing/levels";
import { LatencyAverage } from "../balancing/peak-ewma";
import type { U64 } from "../balancing/u64";
import type { Runtime } from "../core/runtime";
import { ClusterStats } from "../core/stats";
import type { ClusterView } from "../core/view";
import { PlainDialer, SecureDialer } from "../net/socket";
import type { Dialer } from "../net/transport";
import type { ClusterConfig, EndpointConfig } from "./config";
import { DnsDiscovery, systemResolver, type Resolver } from "./dns";
import { HealthChecker, type CheckedCluster } from "./health/checker";
import type { Host } from "./host";
import { reconcileHosts } from "./members";
import { breakerGauges, retryLimit } from "./resilience/breaker";
import { OutlierDetector, type OutlierSubject } from "./resilience/outlier";

/** Latency that a host is thought to have before anything is known: one second, so that it is not flooded. */
const unknownLatency = 1000;

/** Makes the dialer of a cluster; a test passes its own. */
export type DialerFactory = (config: ClusterConfig) => Dialer;

export const systemDialers: DialerFactory = (config) =>
  config.tls === undefined ? new PlainDialer() : new SecureDialer(config.tls);

/** A cluster at work. It keeps its hosts, their connections and history when a new configuration still names them. */
export class Cluster implements ClusterView, OutlierSubject, CheckedCluster {
  readonly name: string;
  readonly stats = new ClusterStats();
  hosts: readonly Host[] = [];
  private levels: Levels<Host>;
  outlier: OutlierDetector | undefined;
  private dns: DnsDiscovery | undefined;
  private health: HealthChecker | undefined;
  private resolved = false;
  private checked = false;
  private readonly waiting: (() => void)[] = [];
  dialer: Dialer;
  /** Against the retry limit. */
  retriesActive = 0;

  constructor(
    public config: ClusterConfig,
    readonly runtime: Runtime,
    private readonly dialers: DialerFactory = systemDialers,
    private readonly resolver: Resolver = systemResolver,
  ) {
    this.name = config.name;
    this.levels = new Levels<Host>(config);
    this.dialer = dialers(config);
    if (config.outlier !== undefined) this.outlier = new OutlierDetector(config.outlier, this, runtime);
    this.check();
    this.discover();
  }

  get metadata(): Readonly<Record<string, unknown>> {
    return this.config.metadata;
  }

  get limits(): ClusterConfig["limits"] {
    return this.config.limits;
  }

  breakers(): Readonly<Record<string, number>> {
    return breakerGauges(this);
  }

  /** A retry more is within the budget. */
  get mayRetry(): boolean {
    return this.retriesActive < retryLimit(this);
  }

  /** Resolves when its names are known and every host was asked for its health once. */
  warm(): Promise<void> {
    return new Promise((resolve) => {
      if (this.ready) resolve();
      else this.waiting.push(resolve);
    });
  }

  /** Its hosts are known, and so is their health. */
  get ready(): boolean {
    return this.resolved && (this.checked || this.health === undefined || this.hosts.length === 0);
  }

  private becomeReady(): void {
    if (this.ready) for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** Takes a new configuration over; what did not change keeps its connections and its history. */
  update(config: ClusterConfig): void {
    const before = this.config;
    this.config = config;
    if (!same(levelSettings(before), levelSettings(config))) {
      this.levels = new Levels<Host>(config);
      if (!same(before.balancer, config.balancer)) for (const host of this.hosts) host.latency = undefined;
    }
    if (before.tls?.key !== config.tls?.key) {
      // Another identity is wanted: no connection of the old kind may serve a new request.
      this.dialer = this.dialers(config);
      for (const host of this.hosts) host.pool.retire();
    } else if (before.tls !== config.tls) this.dialer = this.dialers(config);
    if (!same(before.outlier, config.outlier)) {
      this.outlier?.close();
      for (const host of this.hosts) this.outlier?.readmit(host);
      this.outlier = config.outlier === undefined ? undefined : new OutlierDetector(config.outlier, this, this.runtime);
    }
    if (!same(before.healthCheck, config.healthCheck)) this.check();
    if (!same([before.dns, config.dns && before.endpoints], [config.dns, config.dns && config.endpoints]))
      this.discover();
    else if (config.dns === undefined) this.members(config.endpoints);
    else {
      this.health?.sync(this.hosts);
      this.rebuild(true);
    }
    this.stats.update_success++;
  }

  private discover(): void {
    const { dns, endpoints } = this.config;
    this.dns?.close();
    this.dns = undefined;
    if (dns === undefined) {
      this.resolved = true;
      this.members(endpoints);
      return;
    }
    this.dns = new DnsDiscovery(dns, endpoints, this, this.runtime, this.resolver);
    this.dns.start();
  }

  private check(): void {
    const { healthCheck } = this.config;
    this.health?.close();
    this.checked = false;
    this.health = healthCheck === undefined ? undefined : new HealthChecker(healthCheck, this, this.runtime);
  }

  onResolved(endpoints: readonly EndpointConfig[]): void {
    if (this.resolved) this.stats.update_success++;
    this.resolved = true;
    this.members(endpoints);
    this.becomeReady();
  }

  onFirstRound(): void {
    this.checked = true;
    this.becomeReady();
  }

  /** As in Envoy a host that passes its check is ejected no longer. */
  onCheckPassed(host: Host): void {
    if (!host.ejected) return;
    this.outlier?.readmit(host);
    this.onHealthChanged();
  }

  /** The cluster is gone from the configuration: idle connections close, requests in flight end as they would have. */
  close(): void {
    this.outlier?.close();
    this.dns?.close();
    this.health?.close();
    for (const host of this.hosts) {
      host.removed = true;
      host.pool.retire();
    }
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** A host for a new try; undefined when there is none. `tried` is avoided for `attempts` draws. */
  pick(tried: readonly Host[], attempts: number, now: number, hash?: U64): Host | undefined {
    const { random } = this.runtime;
    let host = this.levels.pick(random, now, hash, 0);
    for (let i = 1; i <= attempts && host !== undefined && tried.includes(host); i++)
      host = this.levels.pick(random, now, hash, i);
    if (host === undefined) this.stats.upstream_cx_none_healthy++;
    else if (this.levels.panicked) this.stats.lb_healthy_panic++;
    return host;
  }

  /** A try ended: with the status that the client would see, how long it took, and whether the host answered at all. */
  onResult(host: Host, status: number, latencyMs: number, now: number, answered: boolean): void {
    this.outlier?.onResult(host, status, answered);
    host.latency?.observe(latencyMs, now);
  }

  onHealthChanged(): void {
    this.rebuild(false);
  }

  private rebuild(reweighed: boolean): void {
    this.levels.rebuild(this.hosts, reweighed);
  }

  private members(endpoints: readonly EndpointConfig[]): void {
    const { hosts, gone, fresh, reweighed } = reconcileHosts(this, endpoints);
    this.averages(hosts);
    for (const host of gone) {
      if (host.ejected) this.stats.outlier_detection_ejections_active--;
      host.removed = true;
      host.pool.retire();
    }
    if (gone.length > 0 || fresh > 0) this.stats.membership_change++;
    this.hosts = hosts;
    this.health?.sync(hosts);
    this.rebuild(reweighed);
  }

  /** Peak EWMA's memory of each host; a new one begins at the cluster's mean. */
  private averages(hosts: readonly Host[]): void {
    const spec = this.config.balancer;
    if (spec.kind !== "peak_ewma") return;
    const now = this.runtime.clock.now();
    const known = hosts.filter((host) => host.latency !== undefined);
    const mean = known.reduce((sum, host) => sum + host.latencyAt(now), 0) / known.length;
    for (const host of hosts)
      host.latency ??= new LatencyAverage(spec.decayMs, known.length === 0 ? unknownLatency : mean, now);
  }
}

function levelSettings({ balancer, panicThreshold, overprovisioning, localityWeighted }: ClusterConfig): unknown {
  return { balancer, panicThreshold, overprovisioning, localityWeighted };
}

/** Equal by value; for the small plain objects of a configuration. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
