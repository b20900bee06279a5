import type { Socket } from "node:net";
import { ListenerStats } from "./core/stats";
import type { ListenerView } from "./core/view";
import type { HttpContext } from "./http/context";
import { DownstreamConnection, type HttpSlot } from "./http/downstream";
import { Listener, type Acceptor } from "./net/listener";
import { anyConnection, chooseChain, type ChainMatch } from "./net/chain-match";
import { peek, type FirstBytes } from "./net/peek";
import { SocketTransport, transportOf, unmapped } from "./net/socket";
import type { ChainConfig, ListenerConfig } from "./worker-config";

/** Clients' connections of a worker, over all its listeners. */
export interface Gate {
  open: number;
  readonly limit: number;
}

interface Slot extends HttpSlot {
  readonly key: string;
  config: ChainConfig;
  match: ChainMatch;
}

/** One listening port at work: its chains may change while its connections live. */
export class ActiveListener implements Acceptor, ListenerView {
  readonly stats = new ListenerStats();
  readonly listener: Listener;
  /** All chains, the default one last. */
  slots: Slot[] = [];
  private matching: Slot[] = [];
  private default: Slot | undefined;
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
    const slotOf = (chain: ChainConfig): Slot => {
      const { key, http, match } = chain;
      const slot = old.get(key);
      if (slot === undefined) return { key, config: chain, http, match, retired: false, connections: new Set() };
      old.delete(key);
      return Object.assign(slot, { config: chain, http, match });
    };
    this.matching = config.chains.map(slotOf);
    this.default = config.defaultChain && slotOf(config.defaultChain);
    this.slots = this.default === undefined ? this.matching : [...this.matching, this.default];
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
    this.slots = this.matching = [];
    this.default = undefined;
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
    const { inspects, inspectTimeout } = this.config;
    if (inspects === "nothing") return this.choose(socket, "late");
    peek(socket, inspectTimeout, inspects === "hello", (what) => {
      if (what === "late" && !this.config.servesLate) socket.destroy();
      if (what === "closed" || socket.destroyed) return this.gone();
      this.choose(socket, what);
    });
  }

  /** The chain for what is known of the connection. */
  private choose(socket: Socket, what: Exclude<FirstBytes, "closed">): void {
    const [only] = this.matching;
    const slot =
      this.slots.length === 1 && only?.match === anyConnection ? only : (this.chosen(socket, what) ?? this.default);
    if (slot !== undefined) return this.serve(socket, slot);
    this.stats.no_filter_chain_match++;
    socket.destroy();
    this.gone();
  }

  private chosen(socket: Socket, what: Exclude<FirstBytes, "closed">): Slot | undefined {
    return chooseChain(this.matching, {
      localAddress: unmapped(socket.localAddress ?? ""),
      localPort: socket.localPort ?? 0,
      remoteAddress: unmapped(socket.remoteAddress ?? ""),
      serverName: typeof what === "object" ? what.serverName : "",
      protocols: typeof what === "object" ? what.protocols : [],
      transport: what === "late" ? "" : what === "plain" ? "raw_buffer" : "tls",
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
