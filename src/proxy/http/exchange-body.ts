import { latin1 } from "../core/latin1";
import { Framing } from "../http1/parser";
import { chunkHead, lastChunk } from "../http1/writer";
import type { UpstreamConnection } from "../upstream/connection";
import { mirror } from "./mirror";
import { trailerChunk } from "../http1/trailers";
import { State } from "./exchange-record";
import { ExchangeTries, idempotent } from "./exchange-tries";

/** Body pieces up to this size travel as text with the head; larger ones as owned buffers. */
export const textPiece = 16 * 1024;
/** A body up to this size is kept for a second try even without a retry policy, when the method allows one. */
const keptBody = 64 * 1024;

/** The request's body on its way: collected, kept for another try, written to the upstream. */
export abstract class ExchangeBody extends ExchangeTries {
  /** Body bytes, lent. Between `begin` and `start` they are collected, later they go on at once. */
  onRequestData(data: Buffer, start: number, end: number): void {
    const size = end - start;
    this.requestBytes += size;
    if (this.tryIdle.waiting) this.touchTry();
    if (this.state === State.Finished) return;
    const piece: string | Buffer =
      size <= textPiece ? latin1(data, start, end) : Buffer.from(data.subarray(start, end));
    if (this.state === State.Tunnel) {
      if (this.connection?.write(piece) === false) this.downstream.pauseBody();
      return;
    }
    this.pass(piece);
  }

  /** Keeps a piece for (another) try, and sends it when a connection is there. */
  protected pass(piece: string | Buffer): void {
    const sending = this.connection !== null;
    if (this.heldInFull) {
      if (sending && this.heldBytes + piece.length > this.keepLimit()) {
        this.heldInFull = false;
        this.held.length = 0;
        this.heldBytes = 0;
      } else {
        this.held.push(piece);
        this.heldBytes += piece.length;
        if (!sending && this.heldBytes > this.waitingLimit()) this.downstream.pauseBody();
      }
    }
    if (sending) this.send(piece);
  }

  /** To the upstream, framed as its head says. */
  private send(piece: string | Buffer): void {
    const chunked = this.framing === Framing.Chunked;
    if (typeof piece === "string") {
      this.upstreamOut += chunked ? chunkHead(piece.length) + piece + "\r\n" : piece;
      return;
    }
    if (chunked) this.upstreamOut += chunkHead(piece.length);
    this.flushUpstream();
    if (this.connection?.write(piece) === false && !this.requestComplete) this.downstream.pauseBody();
    if (chunked) this.upstreamOut += "\r\n";
  }

  /** How much of a body may wait for its connection, or for the filters. */
  protected waitingLimit(): number {
    return this.config.bufferLimit;
  }

  /** How much of a body is kept for another try. */
  protected keepLimit(): number {
    const { action } = this;
    if (this.retry !== undefined || (action !== undefined && action.mirrors.length > 0))
      return action?.bufferLimit ?? this.config.bufferLimit;
    return idempotent(this.method) ? keptBody : 0;
  }

  onRequestEnd(): void {
    this.requestComplete = true;
    if (this.framing === Framing.Chunked) {
      if (this.config.trailers && this.trailers.count > 0) this.requestTail = trailerChunk(this.trailers);
      if (this.connection !== null) this.upstreamOut += this.bodyEnd();
    }
    if (this.state === State.New || this.state === State.Finished) return;
    if (this.state !== State.Stopped) {
      this.armRequestDeadline();
      this.sendMirrors();
    }
    this.flushRequest();
  }

  /** Of a chunked request. */
  private bodyEnd(): string {
    return this.requestTail !== "" && this.cluster?.config.trailers === true ? this.requestTail : lastChunk;
  }

  /** Copies of a complete request to the clusters that the route mirrors to. A body that was not held has none. */
  protected sendMirrors(): void {
    const { action } = this;
    if (action === undefined || action.mirrors.length === 0 || this.upgrade !== "" || !this.heldInFull) return;
    for (const policy of action.mirrors) {
      if (!policy.share.holds(this.context.runtime.random)) continue;
      const body =
        this.framing !== Framing.Chunked
          ? [...this.held]
          : [...this.held.flatMap((piece) => [chunkHead(piece.length), piece, "\r\n"]), this.bodyEnd()];
      const { method, forwardTarget: target, headers } = this;
      mirror(policy, { method, target, headers, body, timeoutMs: action.timeout }, this.context.clusterMap);
    }
  }

  /** All that one read gave has been told. */
  flushRequest(): void {
    if (this.connection === null) return;
    this.flushUpstream();
    if (this.requestComplete) this.connection?.finishRequest();
  }

  protected flushUpstream(): void {
    const out = this.upstreamOut;
    if (out === "") return;
    this.upstreamOut = "";
    if (this.connection?.write(out) === false && !this.requestComplete) this.downstream.pauseBody();
  }

  onReady(connection: UpstreamConnection): void {
    this.connection = connection;
    this.upstreamPeer = connection.transport?.peer;
    this.upstreamOut = this.requestText;
    for (const piece of this.held) this.send(piece);
    if (this.requestComplete && this.framing === Framing.Chunked) this.upstreamOut += this.bodyEnd();
    if (this.heldBytes > this.keepLimit()) {
      this.heldInFull = false;
      this.held.length = 0;
      this.heldBytes = 0;
    }
    this.flushRequest();
    if (!this.requestComplete && (connection.transport?.unsent ?? 0) === 0) this.downstream.resumeBody();
  }

  onUpstreamDrain(): void {
    if (!this.requestComplete || this.state === State.Tunnel) this.downstream.resumeBody();
  }
}
