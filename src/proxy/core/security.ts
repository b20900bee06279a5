import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";

/** What a peer proved in its handshake. Made once per connection and kept on it. */
export interface PeerIdentity {
  /** URI subject alternative names in the certificate's order; exactly one when it is a SPIFFE identity. */
  readonly uriSans: readonly string[];
  readonly dnsSans: readonly string[];
  /** The subject as RFC 2253 writes it, for `subject` in x-forwarded-client-cert. */
  readonly subject: string;
  /** SHA-256 of the certificate in lower-case hexadecimal, for `Hash` in x-forwarded-client-cert. */
  readonly fingerprint: string;
  /** End of validity in milliseconds since 1970. */
  readonly validTo: number;
}

/** Called once: either an error, or the secured socket with its verified peer (undefined where none was asked for). */
export type Secured = (
  error: Error | undefined,
  socket: TLSSocket | undefined,
  peer: PeerIdentity | undefined,
  local: PeerIdentity | undefined,
) => void;

/** TLS towards clients, for one filter chain. */
export interface DownstreamTls {
  /** Equal keys are the same security: a connection accepted under another key is drained after a change. */
  readonly key: string;
  /**
   * Takes over an accepted socket. Bytes already read have been put back with `unshift`. On error the socket is
   * destroyed by the callee. No byte reaches the caller before the peer is verified.
   */
  accept(raw: Socket, secured: Secured): void;
}

/** TLS towards one upstream cluster. */
export interface UpstreamTls {
  /** Equal keys want the same identity from the peer and show the same one. */
  readonly key: string;
  /** Rises when keys or roots were read anew; a pooled connection of an older generation takes no new request. */
  readonly generation: number;
  /** Connects, shakes hands and verifies the peer. The returned socket may be destroyed to give up early. */
  connect(address: string, port: number, secured: Secured): TLSSocket;
}
