import { isIP } from "node:net";
import { connect, createSecureContext, type SecureContext, type TLSSocket } from "node:tls";
import type { Secured, UpstreamTls } from "../core/security";
import { contextOptions } from "./context";
import { judge, peerChain, PeerRefused } from "./peer";
import { watchKeyPair, watchRoots, type KeyPair, type Roots } from "./secrets";
import type { UpstreamSettings } from "./settings";
import type { SecretIo, Watched } from "./watched";

/**
 * TLS towards one cluster. No session is ever resumed: on a resumed one Node shows no certificate and calls no check, so the
 * peer would go unjudged.
 */
export class UpstreamContext implements UpstreamTls {
  readonly key: string;
  private readonly pair: Watched<KeyPair> | undefined;
  private readonly roots: Watched<Roots>;
  private context: SecureContext;

  /** Reads the secrets at once; throws SecretError where they cannot be used. */
  constructor(
    private readonly settings: UpstreamSettings,
    io: SecretIo,
    private readonly wall: () => number = Date.now,
  ) {
    this.key = settings.key;
    this.pair = settings.keyPair && watchKeyPair(settings.keyPair, io);
    this.roots = watchRoots(settings.validation, io);
    this.context = this.build();
    const swap = () => (this.context = this.build());
    this.pair?.onChange(swap);
    this.roots.onChange(swap);
  }

  get generation(): number {
    return (this.pair?.generation ?? 0) + this.roots.generation;
  }

  connect(address: string, port: number, secured: Secured): TLSSocket {
    const local = this.pair?.current.identity;
    const socket = connect({
      host: address,
      port,
      secureContext: this.context,
      rejectUnauthorized: true,
      // Names are judged below, by the SANs that the cluster expects; Node would compare with the address.
      checkServerIdentity: () => undefined,
      ...(this.settings.sni !== "" && isIP(this.settings.sni) === 0 && { servername: this.settings.sni }),
      ...(this.settings.alpn.length > 0 && { ALPNProtocols: [...this.settings.alpn] }),
    });
    let settled = false;
    const settle: Secured = (error, ...rest) => {
      if (settled) return;
      settled = true;
      socket.off("close", closed);
      if (error) socket.destroy();
      secured(error, ...rest);
    };
    const fail = (error: Error) => settle(error, undefined, undefined, undefined);
    const closed = () => fail(new Error("the connection closed during the TLS handshake"));
    // Stays after settling: an error without a listener would end the process.
    socket.on("error", fail);
    socket.on("close", closed);
    socket.once("secureConnect", () => {
      try {
        const verdict = judge(peerChain(socket), this.settings.validation, this.roots.current, "server", this.wall());
        if (!verdict.ok) return fail(new PeerRefused(`the server's certificate was refused: ${verdict.reason}`));
        settle(undefined, socket, verdict.identity, local);
      } catch (error) {
        fail(error as Error);
      }
    });
    return socket;
  }

  /** Stops watching the files. Connections live on. */
  close(): void {
    this.pair?.close();
    this.roots.close();
  }

  private build(): SecureContext {
    return createSecureContext(contextOptions(this.settings, this.pair?.current, this.roots.current));
  }
}
