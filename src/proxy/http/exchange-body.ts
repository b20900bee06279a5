import { latin1 } from "../core/latin1";
import { Framing } from "../http1/parser";
import { chunkHead, lastChunk } from "../http1/writer";
import type { UpstreamConnection } from "../upstream/connection";
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
    if (this.state === State.Finished) return;
    let piece: string | Buffer = size <= textPiece ? latin1(data, start, end) : Buffer.from(data.subarray(start, end));
    if (this.state === State.Tunnel) {
      if (this.connection?.write(piece) === false) this.downstream.pauseBody();
      return;
    }
    if (this.framing === Framing.Chunked) {
      if (typeof piece === "string") piece = chunkHead(size) + piece + "\r\n";
      else {
        this.pass(chunkHead(size));
        this.pass(piece);
        piece = "\r\n";
      }
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
        if (!sending && this.heldBytes > this.config.bufferLimit) this.downstream.pauseBody();
      }
    }
    if (!sending) return;
    if (typeof piece === "string") this.upstreamOut += piece;
    else {
      this.flushUpstream();
      if (this.connection?.write(piece) === false) this.downstream.pauseBody();
    }
  }

  /** How much of a body is kept for another try. */
  protected keepLimit(): number {
    if (this.retry !== undefined) return this.config.bufferLimit;
    return idempotent(this.method) ? keptBody : 0;
  }

  onRequestEnd(): void {
    this.requestComplete = true;
    if (this.framing === Framing.Chunked && this.state !== State.Finished) this.pass(lastChunk);
    if (this.state === State.New || this.state === State.Finished) return;
    if (this.state !== State.Stopped) this.armRequestDeadline();
    this.flushRequest();
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
    for (const piece of this.held) {
      if (typeof piece === "string") this.upstreamOut += piece;
      else {
        this.flushUpstream();
        connection.write(piece);
      }
    }
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
