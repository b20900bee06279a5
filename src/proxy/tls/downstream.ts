import type { Socket } from "node:net";
import { createServer, type Server, type TLSSocket } from "node:tls";
import type { DownstreamTls, PeerIdentity, Secured } from "../core/security";
import { contextOptions } from "./context";
import { judge, peerChain, PeerRefused } from "./peer";
import { watchKeyPair, watchRoots, type KeyPair, type Roots } from "./secrets";
import type { DownstreamSettings } from "./settings";
import type { SecretIo, Watched } from "./watched";

/**
 * TLS towards clients: a tls.Server that never listens; sockets are handed to it. It refuses a client that fails
 * verification before the caller sees the socket, so such a client gets no byte. (A bare TLSSocket would serve it.)
 */
export class DownstreamContext implements DownstreamTls {
  readonly key: string;
  private readonly server: Server;
  private readonly pair: Watched<KeyPair>;
  private readonly roots: Watched<Roots> | undefined;
  private readonly waiting = new WeakMap<Socket, Secured>();

  /** Reads the secrets at once; throws SecretError where they cannot be used. */
  constructor(
    private readonly settings: DownstreamSettings,
    io: SecretIo,
    private readonly wall: () => number = Date.now,
  ) {
    this.key = settings.key;
    this.pair = watchKeyPair(settings.keyPair, io);
    this.roots = settings.validation && watchRoots(settings.validation, io);
    this.server = createServer({
      ...this.options(),
      requestCert: settings.validation !== undefined,
      rejectUnauthorized: settings.requireClientCertificate,
      ...(settings.alpn.length > 0 && { ALPNProtocols: [...settings.alpn] }),
      ...(settings.handshakeTimeoutMs && { handshakeTimeout: settings.handshakeTimeoutMs }),
    });
    this.server.on("secureConnection", (socket) => this.secured(socket));
    this.server.on("tlsClientError", (error, socket) => this.settle(rawOf(socket), error, socket));
    const swap = () => this.server.setSecureContext(this.options());
    this.pair.onChange(swap);
    this.roots?.onChange(swap);
  }

  accept(raw: Socket, secured: Secured): void {
    this.waiting.set(raw, secured);
    raw.once("close", () => this.settle(raw, new Error("the client closed the connection during the TLS handshake")));
    this.server.emit("connection", raw);
  }

  /** Stops watching the files. Connections live on. */
  close(): void {
    this.pair.close();
    this.roots?.close();
  }

  private options() {
    return contextOptions(this.settings, this.pair.current, this.roots?.current);
  }

  private secured(socket: TLSSocket): void {
    const raw = rawOf(socket);
    let peer: PeerIdentity | undefined;
    try {
      peer = this.verifiedPeer(socket);
    } catch (error) {
      return this.settle(raw, error as Error, socket);
    }
    const secured = raw && this.waiting.get(raw);
    if (!secured) return void socket.destroy();
    this.waiting.delete(raw);
    secured(undefined, socket, peer, this.pair.current.identity);
  }

  /** The peer's identity, undefined where it may come without. Throws PeerRefused. */
  private verifiedPeer(socket: TLSSocket): PeerIdentity | undefined {
    const { validation, requireClientCertificate } = this.settings;
    if (!validation || !this.roots) return undefined;
    const chain = peerChain(socket);
    if (chain.length === 0 && !requireClientCertificate) return undefined;
    if (!socket.authorized)
      throw new PeerRefused(`the client's certificate was refused: ${String(socket.authorizationError)}`);
    const judgement = judge(chain, validation, this.roots.current, "client", this.wall());
    if (!judgement.ok) throw new PeerRefused(`the client's certificate was refused: ${judgement.reason}`);
    return judgement.identity;
  }

  private settle(raw: Socket | undefined, error: Error, socket?: TLSSocket): void {
    socket?.destroy();
    const secured = raw && this.waiting.get(raw);
    if (!secured) return;
    this.waiting.delete(raw);
    raw.destroy();
    secured(error, undefined, undefined, undefined);
  }
}

/** The socket that a TLSSocket was put around. Node has no public name for it. */
function rawOf(socket: TLSSocket): Socket | undefined {
  return (socket as TLSSocket & { readonly _parent?: Socket })._parent;
}
