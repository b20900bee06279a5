import { Flag } from "../core/flags";
import { H } from "../core/header-id";
import { latin1 } from "../core/latin1";
import { Framing } from "../http1/parser";
import type { ResponseParser } from "../http1/response-parser";
import { chunkHead, lastChunk, responseHead } from "../http1/writer";
import { mutate } from "../routing/header-mutation";
import { resetInterval, retriableResponse } from "../routing/retry-policy";
import { removeHopByHop } from "./hop-by-hop";
import { State } from "./exchange-record";
import { resetText } from "./exchange-tries";
import { ExchangeBody, textPiece } from "./exchange-body";

/** The response on its way to the client. */
export abstract class ExchangeResponse extends ExchangeBody {
  onResponseHead(response: ResponseParser): void {
    this.tryDeadline.stop();
    const { retry, responseHeaders } = this;
    const { status } = response;
    this.status = status;
    this.upstreamMs = this.context.runtime.clock.now() - this.tryTick;
    if (status === 101) return this.onSwitching();
    if (retry !== undefined && retriableResponse(retry, status, responseHeaders)) {
      if (this.mayRetry()) {
        this.connection = null;
        this.attempt.discard();
        const { resetHeaders } = retry;
        const { clock } = this.context.runtime;
        return this.backOff(resetHeaders.length > 0 ? resetInterval(retry, responseHeaders, clock.wall()) : undefined);
      }
    } else this.retrySucceeded();
    if (this.tryIdle.waiting) this.touchTry();
    this.state = State.Responding;
    this.details = "via_upstream";
    this.writeHead(response.framing);
  }

  protected writeHead(framing: Framing): void {
    const { responseHeaders: headers, status, options } = this;
    removeHopByHop(headers, options, this.config.trailers);
    headers.remove(H.Upgrade);
    this.responseChunked = false;
    if (framing === Framing.Chunked || framing === Framing.Close) {
      if (this.minor === 1) {
        this.responseChunked = true;
        headers.add(H.TransferEncoding, "transfer-encoding", "chunked");
      } else this.closeAfter = true;
    } else if (status === 204) headers.remove(H.ContentLength);
    if (!this.config.suppressEnvoyHeaders)
      headers.set(H.XEnvoyUpstreamServiceTime, String(Math.round(this.upstreamMs)));
    const rules = this.share?.headers ?? this.route?.headers;
    if (rules !== undefined) mutate(headers, rules.response, this);
    if (this.action?.attemptCountInResponse === true) headers.set(H.XEnvoyAttemptCount, String(this.attempts));
    this.filterResponse(headers);
    this.finishHead(headers);
    this.downstreamOut = responseHead(status, "Unknown", headers);
    this.responded = true;
  }

  /** A 101: only if it was asked for does the connection become a tunnel. */
  protected onSwitching(): void {
    const { responseHeaders: headers } = this;
    const agreed = headers.joined(H.Upgrade)?.toLowerCase();
    if (this.upgrade === "" || agreed !== this.upgrade) {
      this.connection = null;
      this.attempt.cancel(502);
      return this.reply(502, resetText("protocol error"), Flag.UpstreamProtocolError, "upstream_reset{protocol_error}");
    }
    this.state = State.Tunnel;
    this.details = "via_upstream";
    this.closeAfter = true;
    this.requestDeadline.stop();
    this.tryIdle.stop();
    this.connection?.becomeTunnel();
    removeHopByHop(headers, this.options, false);
    headers.remove(H.ContentLength);
    headers.remove(H.Upgrade);
    headers.add(H.Connection, "connection", "upgrade");
    headers.add(H.Upgrade, "upgrade", agreed);
    this.nameServer(headers);
    this.downstreamOut = responseHead(101, "Switching Protocols", headers);
    this.responded = true;
    this.config.stats.downstream_cx_upgrades_total++;
    this.config.stats.downstream_cx_upgrades_active++;
    this.downstream.becomeTunnel();
  }

  onResponseData(data: Buffer, start: number, end: number): void {
    const size = end - start;
    this.responseBytes += size;
    if (this.tryIdle.waiting) this.touchTry();
    if (size <= textPiece) {
      const text = latin1(data, start, end);
      if (this.responseChunked) this.downstreamOut += chunkHead(size) + text + "\r\n";
      else this.downstreamOut += text;
      return;
    }
    if (this.responseChunked) this.downstreamOut += chunkHead(size);
    this.flushDownstream();
    this.sendDownstream(Buffer.from(data.subarray(start, end)));
    if (this.responseChunked) this.downstreamOut = "\r\n";
  }

  onResponseEnd(tail: string): void {
    if (this.state === State.Tunnel) {
      this.flushDownstream();
      return this.finish();
    }
    this.connection = null;
    this.responseDone = true;
    if (this.responseChunked) this.downstreamOut += tail !== "" && this.config.trailers ? tail : lastChunk;
  }

  onResponseFlush(): void {
    if (this.state !== State.Responding && this.state !== State.Tunnel) return;
    if (this.responseDone && !this.requestComplete) this.closeAfter = true;
    this.flushDownstream();
    if (this.responseDone) this.finish();
  }

  protected flushDownstream(): void {
    const out = this.downstreamOut;
    if (out === "") return;
    this.downstreamOut = "";
    this.sendDownstream(out);
  }

  protected sendDownstream(data: string | Buffer): void {
    if (!this.downstream.write(data) && !this.responseDone) this.connection?.transport?.pause();
  }

  /** What was written to the client has left. */
  onDownstreamDrain(): void {
    this.connection?.transport?.resume();
  }
}
