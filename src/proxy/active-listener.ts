import type { Socket } from "node:net";
import { ListenerStats } from "./core/stats";
import type { ListenerView } from "./core/view";
import type { HttpContext } from "./http/context";
import { DownstreamConnection, type HttpSlot } from "./http/downstream";
import { Listener, type Acceptor } from "./net/listener";
import { peek } from "./net/peek";
import { SocketTransport, transportOf } from "./net/socket";
import type { ChainConfig, ListenerConfig } from "./worker-config";

/** Clients' connections of a worker, over all its listeners. */
export interface Gate {
  open: number;
  readonly limit: number;
}

interface Slot extends HttpSlot {
  readonly key: string;
  config: ChainConfig;
}

/** One listening port at work: its chains may change while its connections live. */
export class ActiveListener implements Acceptor, ListenerView {
  readonly stats = new ListenerStats();
  readonly listener: Listener;
  slots: Slot[] = [];
  /** Slots of chains that are gone, while connections still use them. */
  private retired: Slot[] = [];

  constructor(
    public config: ListenerConfig,
    private readonly context: HttpContext,
    private readonly gate: Gate,
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
    if (this.gate.open >= this.gate.limit) {
      // Refused here, in good order: beyond the descriptors that the process has nothing could be.
      this.stats.downstream_cx_overflow++;
      socket.resetAndDestroy();
      return;
    }
    this.gate.open++;
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
    this.gate.open--;
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
        const transport = new SocketTransport(connection).adoptSecure(secured, peer, local);
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
