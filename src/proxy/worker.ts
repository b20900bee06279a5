import type { Socket } from "node:net";
import { systemRandom } from "./core/random";
import { SystemAlarm, systemClock } from "./core/clock";
import type { Runtime } from "./core/runtime";
import { DownstreamStats, ListenerStats } from "./core/stats";
import type { ClusterView, ListenerView, ProxyView, RequestObserver } from "./core/view";
import { TimerWheel } from "./core/wheel";
import type { HttpContext } from "./http/context";
import { DateLine } from "./http/date";
import { DownstreamConnection, type HttpSlot } from "./http/downstream";
import { Exchange } from "./http/exchange";
import { Listener, type Acceptor } from "./net/listener";
import { peek } from "./net/peek";
import { SocketTransport, transportOf } from "./net/socket";
import { Cluster, type DialerFactory, systemDialers } from "./upstream/cluster";
import type { ChainConfig, ListenerConfig, WorkerConfig } from "./worker-config";

/** Exchanges kept for reuse; more are made when more requests are in flight at once. */
const spareExchanges = 1024;

/** Time and chance of this process. */
export function systemRuntime(): Runtime {
  const clock = systemClock;
  return {
    clock,
    wheel: new TimerWheel(clock, new SystemAlarm()),
    slowWheel: new TimerWheel(clock, new SystemAlarm(), 100),
    random: systemRandom(),
  };
}

interface Slot extends HttpSlot {
  readonly key: string;
  config: ChainConfig;
}

/** One listening port at work: its chains may change while its connections live. */
class ActiveListener implements Acceptor, ListenerView {
  readonly stats = new ListenerStats();
  readonly listener: Listener;
  slots: Slot[] = [];
  /** Slots of chains that are gone, while connections still use them. */
  private retired: Slot[] = [];

  constructor(
    public config: ListenerConfig,
    private readonly context: HttpContext,
  ) {
    this.listener = new Listener(config.address, config.port, this);
    this.update(config);
  }

  get name(): string {
    return this.config.name;
  }
  get address(): string {
    return this.listener.bound.address;
  }
  get port(): number {
    return this.listener.bound.port;
  }

  /** Takes new chains over: a chain of the same key serves its connections' next requests by its new rules. */
  update(config: ListenerConfig): void {
    this.config = config;
    const old = new Map(this.slots.map((slot) => [slot.key, slot]));
    this.slots = config.chains.map((chain) => {
      const slot = old.get(chain.key);
      if (slot === undefined)
        return { key: chain.key, config: chain, http: chain.http, retired: false, connections: new Set() };
      old.delete(chain.key);
      slot.config = chain;
      slot.http = chain.http;
      return slot;
    });
    for (const slot of old.values()) this.retire(slot);
  }

  private retire(slot: Slot): void {
    slot.retired = true;
    for (const connection of slot.connections) connection.drain(false);
    this.retired = this.retired.filter((s) => s.connections.size > 0);
    this.retired.push(slot);
  }

  retireAll(): void {
    for (const slot of this.slots) this.retire(slot);
    this.slots = [];
  }

  get connections(): number {
    let count = 0;
    for (const slot of this.slots) count += slot.connections.size;
    for (const slot of this.retired) count += slot.connections.size;
    return count;
  }

  eachConnection(visit: (connection: DownstreamConnection) => void): void {
    for (const slot of [...this.slots, ...this.retired])
      for (const connection of [...slot.connections]) visit(connection);
  }

  accept(socket: Socket): void {
    this.stats.downstream_cx_total++;
    this.stats.downstream_cx_active++;
    const only = this.slots[0];
    if (!this.config.inspects && only !== undefined) return this.serve(socket, only);
    peek(socket, this.config.inspectTimeout, (what) => {
      if (what === "closed") return this.gone();
      const transport = what === "tls" ? "tls" : "raw_buffer";
      const slot =
        this.slots.find((s) => s.config.transport === transport) ?? this.slots.find((s) => s.config.transport === "");
      if (slot === undefined) {
        this.stats.no_filter_chain_match++;
        socket.destroy();
        return this.gone();
      }
      this.serve(socket, slot);
    });
  }

  private gone(): void {
    this.stats.downstream_cx_active--;
    this.stats.downstream_cx_destroy++;
  }

  private serve(socket: Socket, slot: Slot): void {
    const { tls } = slot.config;
    if (tls !== undefined) {
      tls.accept(socket, (error, secured, peer, local) => {
        if (error !== undefined || secured === undefined) {
          this.stats.ssl_connection_error++;
          return this.gone();
        }
        this.stats.ssl_handshake++;
        const connection = this.connection(slot);
        const transport = new SocketTransport(connection).adoptStream(secured, peer, local);
        connection.open(transport);
      });
      return;
    }
    // What the peek put back comes first; then the bare connection reads into the shared buffer.
    const seen = socket.readableLength > 0 ? (socket.read() as Buffer | null) : null;
    const connection = this.connection(slot);
    const transport = transportOf(socket, connection);
    connection.open(transport);
    if (seen !== null) connection.onData(seen, seen.length);
    if (!transport.destroyed) transport.resume();
  }

  private connection(slot: Slot): DownstreamConnection {
    return new DownstreamConnection(slot, this.context, this.closed);
  }

  private readonly closed = (): void => this.gone();
}

export interface WorkerOptions {
  readonly runtime?: Runtime;
  readonly dialers?: DialerFactory;
  readonly observers?: readonly RequestObserver[];
}

/** One event loop's data plane: listeners, clusters and what serves between them. */
export class Worker implements HttpContext, ProxyView {
  readonly runtime: Runtime;
  readonly date: DateLine;
  readonly clusterMap = new Map<string, Cluster>();
  readonly observers: readonly RequestObserver[];
  draining = false;
  private live = false;
  private readonly dialers: DialerFactory;
  private readonly active = new Map<string, ActiveListener>();
  /** Listeners that are gone, while their connections still live. */
  private leaving: ActiveListener[] = [];
  private readonly downstream = new Map<string, DownstreamStats>();
  private readonly spare: Exchange[] = [];
  private source: ReturnType<ProxyView["config"]> = { bootstrap: {}, loadedAt: 0, version: 0 };

  constructor(options: WorkerOptions = {}) {
    this.runtime = options.runtime ?? systemRuntime();
    this.dialers = options.dialers ?? systemDialers;
    this.observers = options.observers ?? [];
    this.date = new DateLine(this.runtime.clock);
  }

  /**
   * Puts a configuration in force, all or nothing: new ports are bound first, and when one cannot be, the old
   * configuration stays and the promise rejects. No connection is closed that the new configuration still serves.
   */
  async apply(config: WorkerConfig, bootstrap: unknown): Promise<void> {
    const fresh = new Map<string, ActiveListener>();
    const key = (l: ListenerConfig): string => `${l.name}|${l.address}|${l.port}`;
    try {
      for (const listener of config.listeners) {
        if (this.active.has(key(listener))) continue;
        const active = new ActiveListener(listener, this);
        await active.listener.open();
        fresh.set(key(listener), active);
      }
    } catch (error) {
      for (const listener of fresh.values()) listener.listener.close();
      throw error;
    }
    this.reconcileClusters(config);
    const wanted = new Set(config.listeners.map(key));
    for (const listener of config.listeners) this.active.get(key(listener))?.update(listener);
    for (const [name, listener] of [...this.active]) if (!wanted.has(name)) this.leave(name, listener);
    for (const [name, listener] of fresh) this.active.set(name, listener);
    this.source = { bootstrap, loadedAt: this.runtime.clock.wall(), version: this.source.version + 1 };
    this.live = true;
  }

  private reconcileClusters(config: WorkerConfig): void {
    const names = new Set(config.clusters.map((c) => c.name));
    for (const cluster of config.clusters) {
      const present = this.clusterMap.get(cluster.name);
      if (present === undefined) this.clusterMap.set(cluster.name, new Cluster(cluster, this.runtime, this.dialers));
      else present.update(cluster);
    }
    for (const [name, cluster] of [...this.clusterMap]) {
      if (names.has(name)) continue;
      cluster.close();
      this.clusterMap.delete(name);
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

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
