import { balancer } from "../balancing";
import { LatencyAverage } from "../balancing/peak-ewma";
import type { Balancer } from "../balancing/policy";
import type { Runtime } from "../core/runtime";
import { ClusterStats } from "../core/stats";
import type { ClusterView } from "../core/view";
import { PlainDialer, SecureDialer } from "../net/socket";
import type { Dialer } from "../net/transport";
import type { ClusterConfig } from "./config";
import { Host } from "./host";
import { Http1Pool } from "./pool-h1";
import { OutlierDetector } from "./resilience/outlier";

/** Latency that a host is thought to have before anything is known: one second, so that it is not flooded. */
const unknownLatency = 1000;

/** Makes the dialer of a cluster; a test passes its own. */
export type DialerFactory = (config: ClusterConfig) => Dialer;

export const systemDialers: DialerFactory = (config) =>
  config.tls === undefined ? new PlainDialer() : new SecureDialer(config.tls);

/** A cluster at work. It keeps its hosts, their connections and history when a new configuration still names them. */
export class Cluster implements ClusterView {
  readonly name: string;
  readonly stats = new ClusterStats();
  hosts: readonly Host[] = [];
  /** Hosts that may be picked now. */
  private eligible: readonly Host[] = [];
  private panicking = false;
  private balancer: Balancer<Host>;
  outlier: OutlierDetector | undefined;
  dialer: Dialer;
  /** Against `maxRetries`. */
  retriesActive = 0;

  constructor(
    public config: ClusterConfig,
    readonly runtime: Runtime,
    private readonly dialers: DialerFactory = systemDialers,
  ) {
    this.name = config.name;
    this.balancer = balancer<Host>(config.balancer);
    this.dialer = dialers(config);
    this.members();
    if (config.outlier !== undefined) this.outlier = new OutlierDetector(config.outlier, this, runtime);
  }

  get metadata(): Readonly<Record<string, unknown>> {
    return this.config.metadata;
  }

  get limits(): ClusterConfig["limits"] {
    return this.config.limits;
  }

  /** Takes a new configuration over; what did not change keeps its connections and its history. */
  update(config: ClusterConfig): void {
    const before = this.config;
    this.config = config;
    if (!same(before.balancer, config.balancer)) {
      this.balancer = balancer<Host>(config.balancer);
      for (const host of this.hosts) host.latency = undefined;
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
    this.members();
    this.stats.update_success++;
  }

  /** The cluster is gone from the configuration: idle connections close, requests in flight end as they would have. */
  close(): void {
    this.outlier?.close();
    for (const host of this.hosts) {
      host.removed = true;
      host.pool.retire();
    }
  }

  /** A host for a new try; undefined when there is none. `tried` is avoided for `attempts` draws. */
  pick(tried: readonly Host[], attempts: number, now: number): Host | undefined {
    if (this.eligible.length === 0) {
      this.stats.upstream_cx_none_healthy++;
      return undefined;
    }
    if (this.panicking) this.stats.lb_healthy_panic++;
    let host = this.balancer.pick(this.eligible, this.runtime.random, now);
    for (let i = 0; i < attempts && tried.includes(host); i++)
      host = this.balancer.pick(this.eligible, this.runtime.random, now);
    return host;
  }

  /** A try ended: with the status that the client would see, and how long it took. */
  onResult(host: Host, status: number, latencyMs: number, now: number): void {
    this.outlier?.onResult(host, status);
    host.latency?.observe(latencyMs, now);
  }

  onHealthChanged(): void {
    const healthy = this.hosts.filter((host) => !host.ejected);
    const percent = this.hosts.length === 0 ? 0 : (healthy.length * 100) / this.hosts.length;
    this.panicking = this.hosts.length > 0 && percent < this.config.panicThreshold;
    this.eligible = this.panicking ? this.hosts : healthy;
  }

  private members(): void {
    const now = this.runtime.clock.now();
    const old = new Map(this.hosts.map((host) => [`${host.address}|${host.port}`, host]));
    const hosts: Host[] = [];
    const spec = this.config.balancer;
    for (const endpoint of this.config.endpoints) {
      const key = `${endpoint.address}|${endpoint.port}`;
      let host = old.get(key);
      if (host === undefined) {
        host = new Host(endpoint.address, endpoint.port, endpoint.weight);
        host.pool = new Http1Pool(this, host);
      } else old.delete(key);
      host.weight = endpoint.weight;
      hosts.push(host);
    }
    if (spec.kind === "peak_ewma") {
      const known = hosts.filter((host) => host.latency !== undefined);
      const mean = known.reduce((sum, host) => sum + host.latencyAt(now), 0) / known.length;
      for (const host of hosts)
        host.latency ??= new LatencyAverage(spec.decayMs, known.length === 0 ? unknownLatency : mean, now);
    }
    for (const host of old.values()) {
      if (host.ejected) this.stats.outlier_detection_ejections_active--;
      host.removed = true;
      host.pool.retire();
    }
    if (old.size > 0 || hosts.length !== this.hosts.length) this.stats.membership_change++;
    // The same list object tells policies that nothing changed, so they keep their place.
    if (hosts.length !== this.hosts.length || hosts.some((host, i) => host !== this.hosts[i])) this.hosts = hosts;
    this.onHealthChanged();
  }
}

/** Equal by value; for the small plain objects of a configuration. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
