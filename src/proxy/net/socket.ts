import { connect, Socket } from "node:net";
import type { PeerIdentity, UpstreamTls } from "../core/security";
import { readInto } from "./read-into";
import type { Dialed, Dialer, Transport, TransportSink } from "./transport";

/**
 * All sockets read into this one buffer: a callback uses what it was lent before it returns, so the next read may
 * overwrite it. Hence the rule that a slice of it is never passed to `write`.
 */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024);

/** The one wrapper of node:net and node:tls sockets. Events are hooked once a connection. */
export class SocketTransport implements Transport {
  sink: TransportSink;
  secure = false;
  serverName = "";
  peer: PeerIdentity | undefined;
  local: PeerIdentity | undefined;
  private socket!: Socket;
  private peerAddress: string | undefined;
  private ownAddress: string | undefined;

  constructor(sink: TransportSink) {
    this.sink = sink;
  }

  /** Options for a socket that reads into the shared buffer. */
  readonly onread = {
    buffer: readBuffer,
    callback: (length: number, data: Uint8Array): boolean => {
      this.sink.onData(data as Buffer, length);
      return true;
    },
  };

  /** Takes a socket made with this transport's `onread`. */
  adopt(socket: Socket): this {
    this.socket = socket;
    socket.on("drain", () => this.sink.onDrain());
    socket.on("end", () => this.sink.onEnd());
    // A TLS socket tells of a broken record, and lives on.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.sink.onClose());
    return this;
  }

  /** Takes a secured socket; it reads into the shared buffer too where node lets it, else delivers by `data` events. */
  adoptSecure(socket: Socket, peer?: PeerIdentity, local?: PeerIdentity): this {
    this.secure = true;
    const { servername } = socket as { servername?: string | false };
    this.serverName = typeof servername === "string" ? servername : "";
    this.peer = peer;
    this.local = local;
    this.adopt(socket);
    socket.setNoDelay(true);
    if (readInto(socket, this.onread)) socket.resume();
    else socket.on("data", (data: Buffer) => this.sink.onData(data, data.length));
    return this;
  }

  write(data: string | Buffer): boolean {
    return typeof data === "string" ? this.socket.write(data, "latin1") : this.socket.write(data);
  }
  get unsent(): number {
    return this.socket.writableLength;
  }
  pause(): void {
    this.socket.pause();
  }
  resume(): void {
    this.socket.resume();
  }
  end(): void {
    this.socket.end();
  }
  destroy(): void {
    this.socket.destroy();
  }
  reset(): void {
    if (this.secure) this.socket.destroy();
    else this.socket.resetAndDestroy();
  }
  get destroyed(): boolean {
    return this.socket.destroyed;
  }
  get remoteAddress(): string {
    return (this.peerAddress ??= unmapped(this.socket.remoteAddress ?? ""));
  }
  get remotePort(): number {
    return this.socket.remotePort ?? 0;
  }
  get localAddress(): string {
    return (this.ownAddress ??= unmapped(this.socket.localAddress ?? ""));
  }
  get localPort(): number {
    return this.socket.localPort ?? 0;
  }
}

/** `::ffff:10.0.0.1` is 10.0.0.1: rules and logs know one spelling. */
export function unmapped(address: string): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}

/** What node keeps behind an accepted socket; taking it lets the same connection read into our buffer. */
interface Handled {
  _handle: object | null;
}

/** Moves a paused, accepted socket's connection into a transport that reads into the shared buffer. */
export function transportOf(accepted: Socket, sink: TransportSink): SocketTransport {
  const transport = new SocketTransport(sink);
  const handled = accepted as unknown as Handled;
  const options = { handle: handled._handle, allowHalfOpen: true, onread: transport.onread };
  handled._handle = null;
  return transport.adopt(new Socket(options));
}

/** Connects without TLS. Addresses are literal: there is no name to look up. */
export class PlainDialer implements Dialer {
  dial(address: string, port: number, sink: TransportSink, connected: Dialed): { destroy(): void } {
    const transport = new SocketTransport(sink);
    const socket = connect({ host: address, port, noDelay: true, allowHalfOpen: true, onread: transport.onread });
    let told = false;
    const tell: Dialed = (error, made) => {
      if (told) return;
      told = true;
      connected(error, made);
    };
    socket.once("connect", () => {
      socket.off("error", refused);
      transport.adopt(socket);
      tell(undefined, transport);
    });
    const refused = (error: Error): void => tell(error, undefined);
    socket.once("error", refused);
    socket.once("close", () => tell(new Error("closed"), undefined));
    return socket;
  }
}

/** Connects with TLS; the peer is verified before `connected` is called. */
export class SecureDialer implements Dialer {
  constructor(private readonly tls: UpstreamTls) {}

  dial(address: string, port: number, sink: TransportSink, connected: Dialed): { destroy(): void } {
    return this.tls.connect(address, port, (error, socket, peer, local) => {
      if (error !== undefined || socket === undefined) connected(error ?? new Error("no socket"), undefined);
      else connected(undefined, new SocketTransport(sink).adoptSecure(socket, peer, local));
    });
  }
}
