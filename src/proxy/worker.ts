import { ActiveListener, type Gate } from "./active-listener";
import { ConnectionBudget } from "./core/budget";
import { systemRandom } from "./core/random";
import { SystemAlarm, systemClock } from "./core/clock";
import type { Runtime } from "./core/runtime";
import { DownstreamStats } from "./core/stats";
import type { ClusterView, ListenerView, ProxyView, RequestObserver } from "./core/view";
import { TimerEntry, TimerWheel } from "./core/wheel";
import type { HttpContext } from "./http/context";
import { DateLine } from "./http/date";
import type { DownstreamConnection } from "./http/downstream";
import { Exchange } from "./http/exchange";
import { Cluster, type DialerFactory, systemDialers } from "./upstream/cluster";
import { systemResolver, type Resolver } from "./upstream/dns";
import type { ListenerConfig, WorkerConfig } from "./worker-config";

/** Exchanges kept for reuse; more are made when more requests are in flight at once. */
const spareExchanges = 1024;

/** How long new clusters may take to learn their hosts before they are used as they are. */
const warmingMs = 15_000;

class Patience extends TimerEntry {
  constructor(private readonly over: () => void) {
    super();
  }
  fire(): void {
    this.over();
  }
}

/** Time and chance of this process. */
export function systemRuntime(): Runtime {
  const clock = systemClock;
  return {
    clock,
    wheel: new TimerWheel(clock, new SystemAlarm()),
    slowWheel: new TimerWheel(clock, new SystemAlarm(), 100),
    random: systemRandom(),
    upstreams: new ConnectionBudget(),
  };
}

export interface WorkerOptions {
  readonly runtime?: Runtime;
  readonly dialers?: DialerFactory;
  readonly resolver?: Resolver;
  readonly observers?: readonly RequestObserver[];
  /** Client connections that may live at once; more are refused with RST. */
  readonly connectionLimit?: number;
}

/** One event loop's data plane: listeners, clusters and what serves between them. */
export class Worker implements HttpContext, ProxyView {
  readonly runtime: Runtime;
  readonly date: DateLine;
  readonly clusterMap = new Map<string, Cluster>();
  readonly observers: readonly RequestObserver[];
  draining = false;
  private live = false;
  private readonly gate: Gate;
  private readonly dialers: DialerFactory;
  private readonly resolver: Resolver;
  private readonly active = new Map<string, ActiveListener>();
  /** Listeners that are gone, while their connections still live. */
  private leaving: ActiveListener[] = [];
  private readonly downstream = new Map<string, DownstreamStats>();
  private readonly spare: Exchange[] = [];
  private source: ReturnType<ProxyView["config"]> = { bootstrap: {}, loadedAt: 0, version: 0 };

  constructor(options: WorkerOptions = {}) {
    this.runtime = options.runtime ?? systemRuntime();
    this.dialers = options.dialers ?? systemDialers;
    this.resolver = options.resolver ?? systemResolver;
    this.observers = options.observers ?? [];
    this.gate = { open: 0, limit: options.connectionLimit ?? Infinity };
    this.date = new DateLine(this.runtime.clock);
    const { upstreams } = this.runtime;
    if (upstreams === undefined) return;
    upstreams.limit = this.gate.limit;
    upstreams.shed = () => this.shedIdle();
  }

  /**
   * Puts a configuration in force, all or nothing: new ports are bound first, and when one cannot be, the old
   * configuration stays and the promise rejects. No connection is closed that the new configuration still serves.
   */
  async apply(config: WorkerConfig, bootstrap: unknown): Promise<void> {
    const clusters = config.clusters
      .filter((cluster) => !this.clusterMap.has(cluster.name))
      .map((cluster) => new Cluster(cluster, this.runtime, this.dialers, this.resolver));
    const listeners: ActiveListener[] = [];
    try {
      await this.warm(clusters);
      for (const listener of config.listeners) {
        if (this.active.has(keyOf(listener))) continue;
        const active = new ActiveListener(listener, this, this.gate);
        await active.listener.open();
        listeners.push(active);
      }
    } catch (error) {
      for (const { listener } of listeners) listener.close();
      for (const cluster of clusters) cluster.close();
      throw error;
    }
    this.reconcileClusters(config, clusters);
    const wanted = new Set(config.listeners.map(keyOf));
    for (const listener of config.listeners) this.active.get(keyOf(listener))?.update(listener);
    for (const [name, listener] of [...this.active]) if (!wanted.has(name)) this.leave(name, listener);
    for (const listener of listeners) this.active.set(keyOf(listener.config), listener);
    this.source = { bootstrap, loadedAt: this.runtime.clock.wall(), version: this.source.version + 1 };
    this.live = true;
  }

  private reconcileClusters(config: WorkerConfig, fresh: readonly Cluster[]): void {
    const names = new Set(config.clusters.map((c) => c.name));
    for (const cluster of config.clusters) this.clusterMap.get(cluster.name)?.update(cluster);
    for (const cluster of fresh) this.clusterMap.set(cluster.name, cluster);
    for (const [name, cluster] of [...this.clusterMap]) {
      if (names.has(name)) continue;
      cluster.close();
      this.clusterMap.delete(name);
    }
  }

  /** New clusters know their hosts, and which of them are healthy, before a route may name them. */
  private async warm(clusters: readonly Cluster[]): Promise<void> {
    const cold = clusters.filter((cluster) => !cluster.ready);
    if (cold.length === 0) return;
    const { slowWheel } = this.runtime;
    await new Promise<void>((resolve) => {
      const patience = new Patience(resolve);
      slowWheel.start(patience, warmingMs);
      void Promise.all(cold.map((cluster) => cluster.warm())).then(() => {
        patience.stop();
        resolve();
      });
    });
  }

  /** Closes a sixteenth of what may stand, from hosts picked by chance: connecting anew costs each of them little. */
  private shedIdle(): void {
    const pools = [...this.clusterMap.values()].flatMap(({ hosts }) => hosts.map(({ pool }) => pool));
    const first = this.runtime.random.below(Math.max(pools.length, 1));
    let wanted = Math.max(1, Math.floor(this.gate.limit / 16));
    for (let shed = true; shed && wanted > 0;) {
      shed = false;
      for (let i = 0; i < pools.length && wanted > 0; i++)
        if (pools[(first + i) % pools.length]?.shed() === true) {
          shed = true;
          wanted--;
        }
    }
  }

  private leave(name: string, listener: ActiveListener): void {
    this.active.delete(name);
    listener.listener.close();
    listener.retireAll();
    this.leaving = this.leaving.filter((l) => l.connections > 0);
    this.leaving.push(listener);
  }

  /** The numbers of one `stat_prefix`; made when it is first asked for. */
  downstreamStats(statPrefix: string): DownstreamStats {
    let stats = this.downstream.get(statPrefix);
    if (stats === undefined) this.downstream.set(statPrefix, (stats = new DownstreamStats()));
    return stats;
  }

  /**
   * Goes away gracefully: for `graceMs` listeners still accept while responses say `connection: close`; then no more is
   * accepted and idle connections close; after `deadlineMs` the rest is cut. Resolves when nothing is left.
   */
  async drain(graceMs: number, deadlineMs: number): Promise<void> {
    this.draining = true;
    const { clock } = this.runtime;
    const start = clock.now();
    await sleep(graceMs);
    for (const listener of this.active.values()) listener.listener.close();
    this.eachConnection((connection) => connection.drain(false));
    while (this.connections > 0 && clock.now() - start < deadlineMs) await sleep(20);
    this.eachConnection((connection) => connection.drain(true));
    this.close();
  }

  /** Stops at once: ports, connections and timers. */
  close(): void {
    for (const [name, listener] of [...this.active]) this.leave(name, listener);
    this.eachConnection((connection) => connection.drain(true));
    for (const cluster of this.clusterMap.values()) cluster.close();
    this.clusterMap.clear();
    this.live = false;
  }

  /** Client connections that live. */
  get connections(): number {
    let count = 0;
    for (const listener of [...this.active.values(), ...this.leaving]) count += listener.connections;
    return count;
  }

  private eachConnection(visit: (connection: DownstreamConnection) => void): void {
    for (const listener of [...this.active.values(), ...this.leaving]) listener.eachConnection(visit);
  }

  takeExchange(): Exchange {
    return this.spare.pop() ?? new Exchange();
  }

  giveExchange(exchange: Exchange): void {
    if (this.spare.length < spareExchanges) this.spare.push(exchange);
  }

  get state(): ProxyView["state"] {
    if (this.draining) return "DRAINING";
    return this.live ? "LIVE" : "PRE_INITIALIZING";
  }

  clusters(): Iterable<ClusterView> {
    return this.clusterMap.values();
  }

  listeners(): Iterable<ListenerView> {
    return this.active.values();
  }

  *downstreams(): Iterable<{ readonly statPrefix: string; readonly stats: DownstreamStats }> {
    for (const [statPrefix, stats] of this.downstream) yield { statPrefix, stats };
  }

  config(): ReturnType<ProxyView["config"]> {
    return this.source;
  }
}

function keyOf({ name, address, port }: ListenerConfig): string {
  return `${name}|${address}|${port}`;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
