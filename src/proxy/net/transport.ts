import type { PeerIdentity } from "../core/security";

/** Gets what happens on a connection. `data` is lent: valid until the call returns, and never to be written as it is. */
export interface TransportSink {
  onData(data: Buffer, length: number): void;
  /** All that was written has left. */
  onDrain(): void;
  /** The peer will send no more (FIN). */
  onEnd(): void;
  /** The connection is gone; called once, after everything else. */
  onClose(): void;
}

/** One byte stream, plain or secured. The request path knows nothing else of sockets, so a test can pass its own. */
export interface Transport {
  sink: TransportSink;
  /** Writes latin1 text or an owned buffer. False when it could not all leave at once: wait for `onDrain`. */
  write(data: string | Buffer): boolean;
  /** Bytes written that have not left. */
  readonly unsent: number;
  pause(): void;
  resume(): void;
  /** Sends what is written, then FIN. */
  end(): void;
  /** Closes at once, without sending what is left. */
  destroy(): void;
  /** Closes at once with RST, so that the peer cannot take a cut-off message for a whole one. */
  reset(): void;
  readonly destroyed: boolean;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
  readonly secure: boolean;
  /** Server name that a client asked for in its handshake; empty without one. */
  readonly serverName: string;
  /** What the peer proved, and what we showed, in the handshake. */
  readonly peer: PeerIdentity | undefined;
  readonly local: PeerIdentity | undefined;
}

/** Opens connections to hosts. */
export interface Dialer {
  /** Begins to connect. `connected` is called once: with the transport, or with the error. The result gives up early. */
  dial(address: string, port: number, sink: TransportSink, connected: Dialed): { destroy(): void };
}

export type Dialed = (error: Error | undefined, transport: Transport | undefined) => void;
