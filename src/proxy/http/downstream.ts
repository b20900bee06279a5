import type { Http1Error } from "../http1/error";
import { http1Errors } from "../http1/error";
import type { MessageSink } from "../http1/parser";
import { RequestParser } from "../http1/request-parser";
import { continueHead, reasonPhrase, statusLine } from "../http1/writer";
import type { Transport, TransportSink } from "../net/transport";
import type { HttpConfig } from "./config";
import type { HttpContext } from "./context";
import { HeadDeadline, Lifetime, Watch, type Timed } from "./downstream-timers";
import type { Exchange } from "./exchange";

/** Where a connection finds its present configuration: a new one serves its next request. */
export interface HttpSlot {
  http: HttpConfig;
  /** The listener or its security changed: connections end after their present response. */
  retired: boolean;
  /** All live connections, for draining. */
  readonly connections: Set<DownstreamConnection>;
}

/** One client's HTTP/1.1 connection. Requests are answered in order: the next is read when the last is done. */
export class DownstreamConnection implements TransportSink, MessageSink, Timed {
  private readonly parser: RequestParser;
  private exchange: Exchange | null = null;
  transport!: Transport;
  private config: HttpConfig;
  /** Bytes that came while they could not be used: an owned copy. */
  private carry: Buffer | null = null;
  private consuming = false;
  private paused = false;
  private tunnel = false;
  private closing = false;
  private closed = false;
  private ended = false;
  private requests = 0;
  private lastActivity: number;
  /** One for the life of the connection: it looks at `lastActivity`, so a request starts and stops none. */
  private readonly watch = new Watch(this);
  private readonly headDeadline = new HeadDeadline(this);
  /** Made only where connections may grow old. */
  private lifetime: Lifetime | null = null;
  /** It lived for as long as it may: a response that is still to come is its last. */
  old = false;

  constructor(
    private readonly slot: HttpSlot,
    private readonly context: HttpContext,
    private readonly gone: () => void = () => undefined,
  ) {
    this.config = slot.http;
    this.parser = new RequestParser(this, this.config.limits);
    this.parser.acceptHttp10 = this.config.acceptHttp10;
    this.lastActivity = context.runtime.clock.now();
  }

  /** The connection stands. */
  open(transport: Transport): void {
    this.transport = transport;
    const { stats } = this.config;
    stats.downstream_cx_total++;
    stats.downstream_cx_active++;
    if (transport.secure) {
      stats.downstream_cx_ssl_total++;
      stats.downstream_cx_ssl_active++;
    }
    this.slot.connections.add(this);
    this.armWatch();
    const { maxConnectionDuration } = this.config;
    if (maxConnectionDuration > 0)
      this.context.runtime.slowWheel.start((this.lifetime = new Lifetime(this)), maxConnectionDuration);
  }

  // ---- bytes in

  onData(data: Buffer, length: number): void {
    this.config.stats.downstream_cx_rx_bytes_total += length;
    if (this.closing) return;
    this.lastActivity = this.context.runtime.clock.now();
    if (this.tunnel) {
      this.exchange?.onRequestData(data, 0, length);
      return;
    }
    if (this.consuming || this.carry !== null) return this.keep(data, 0, length);
    this.consume(data, 0, length, false);
  }

  private keep(data: Buffer, start: number, end: number): void {
    const rest = data.subarray(start, end);
    this.carry = this.carry === null ? Buffer.from(rest) : Buffer.concat([this.carry, rest]);
    this.pause();
  }

  private consume(data: Buffer, start: number, end: number, owned: boolean): void {
    let at = start;
    const { parser } = this;
    this.consuming = true;
    while (at < end && !this.closing && !this.closed) {
      if (this.tunnel) {
        this.exchange?.onRequestData(data, at, end);
        break;
      }
      // The next request waits until the present one is answered.
      if (this.exchange !== null && (parser.done || this.paused)) {
        if (owned && this.carry === null) this.carry = data.subarray(at, end);
        else this.keep(data, at, end);
        this.pause();
        break;
      }
      at = parser.execute(data, at, end);
      if (parser.failed) {
        this.onParserFailed();
        break;
      }
      const { exchange } = this;
      if (exchange === null) continue;
      if (!exchange.started) {
        exchange.start();
        this.watchRoute();
      } else exchange.flushRequest();
    }
    this.consuming = false;
    if (this.exchange === null && !this.closing && !this.closed) this.watchHead();
  }

  /** A head that has begun must end in time. */
  private watchHead(): void {
    if (this.parser.idle) return;
    const { headersTimeout, requestTimeout } = this.config;
    const limit = headersTimeout === 0 ? requestTimeout : headersTimeout;
    if (limit > 0 && !this.headDeadline.waiting) this.context.runtime.wheel.start(this.headDeadline, limit);
  }

  onHead(): void {
    if (this.headDeadline.waiting) this.headDeadline.stop();
    const config = (this.config = this.slot.http);
    const { stats } = config;
    stats.downstream_rq_total++;
    stats.downstream_rq_http1_total++;
    stats.downstream_rq_active++;
    this.requests++;
    const exchange = this.context.takeExchange();
    this.exchange = exchange;
    exchange.begin(this, this.context, config, this.parser);
  }

  onBody(data: Buffer, start: number, end: number): void {
    this.exchange?.onRequestData(data, start, end);
  }

  onMessageEnd(): void {
    this.exchange?.onRequestEnd();
  }

  private onParserFailed(): void {
    const { stats } = this.config;
    const error = http1Errors[this.parser.error as Http1Error] ?? { name: "protocol_error", status: 400 };
    stats.downstream_cx_protocol_error++;
    if (error.status === 431) stats.downstream_rq_too_large++;
    if (this.exchange !== null) return this.exchange.onDownstreamError(400, `http1.${error.name}`);
    this.answerAndClose(error.status, reasonPhrase(error.status));
  }

  /** Answers what never became a request. */
  private answerAndClose(status: number, body: string): void {
    const type = body === "" ? "" : "content-type: text/plain\r\n";
    this.config.stats.downstream_rq_total++;
    this.config.stats.downstream_rq_4xx += status < 500 ? 1 : 0;
    this.config.stats.downstream_rq_5xx += status >= 500 ? 1 : 0;
    this.write(
      `${statusLine(status)}content-length: ${body.length}\r\n${type}date: ${this.context.date.value}\r\n` +
        `server: ${this.config.serverName}\r\nconnection: close\r\n\r\n${body}`,
    );
    this.shut();
  }

  // ---- what an exchange asks for

  /** False when the client does not read fast enough. */
  write(data: string | Buffer): boolean {
    if (this.closed) return true;
    this.lastActivity = this.context.runtime.clock.now();
    this.config.stats.downstream_cx_tx_bytes_total += data.length;
    return this.transport.write(data) || this.transport.unsent <= this.config.bufferLimit;
  }

  sendContinue(): void {
    this.write(continueHead);
  }

  /** No more body, until `resumeBody`. */
  pauseBody(): void {
    this.pause();
  }

  resumeBody(): void {
    if (!this.paused) return;
    this.resume();
    if (!this.consuming) this.consumeCarry();
  }

  becomeTunnel(): void {
    this.tunnel = true;
    if (!this.consuming) this.consumeCarry();
    this.resume();
  }

  /** The response to come is this connection's last. */
  lastRequest(): boolean {
    const limit = this.config.maxRequestsPerConnection;
    return this.slot.retired || this.ended || this.old || (limit > 0 && this.requests >= limit);
  }

  onExchangeDone(close: boolean, aborted: boolean): void {
    this.exchange = null;
    this.config.stats.downstream_rq_active--;
    if (this.closed || aborted) return;
    if (close || this.ended) return this.shut();
    this.lastActivity = this.context.runtime.clock.now();
    this.parser.next();
    if (this.consuming) {
      this.paused = false;
      return;
    }
    this.consumeCarry();
    if (this.exchange === null) this.resume();
  }

  private consumeCarry(): void {
    const { carry } = this;
    if (carry === null) return;
    this.carry = null;
    this.paused = false;
    this.consume(carry, 0, carry.length, true);
    if (!this.paused && !this.closing && !this.closed) this.transport.resume();
  }

  private pause(): void {
    if (this.paused) return;
    this.paused = true;
    this.transport.pause();
  }

  private resume(): void {
    if (!this.paused) return;
    this.paused = false;
    if (!this.closing && !this.closed) this.transport.resume();
  }

  // ---- ends

  /** Sends what is written, then FIN, and does not wait for ever for the client to go. */
  private shut(): void {
    if (this.closing) return;
    this.closing = true;
    this.carry = null;
    this.headDeadline.stop();
    this.config.stats.downstream_cx_destroy_local++;
    this.transport.end();
    this.transport.resume();
    if (this.ended) return;
    this.watch.stop();
    this.context.runtime.slowWheel.start(this.watch, Math.max(this.config.delayedCloseTimeout, 1));
  }

  /** Closes at once, so that a response cut off is seen to be. */
  reset(): void {
    this.closing = true;
    this.config.stats.downstream_cx_destroy_local++;
    this.transport.reset();
  }

  onDrain(): void {
    this.exchange?.onDownstreamDrain();
  }

  onEnd(): void {
    this.ended = true;
    const { exchange } = this;
    if (exchange === null) {
      this.closing = true;
      return this.transport.end();
    }
    // Half-closed: a client that has said all still gets its answer.
    if (exchange.receiving && !this.tunnel) {
      exchange.onDownstreamGone();
      this.transport.destroy();
    } else exchange.onDownstreamEnd();
  }

  onClose(): void {
    if (this.closed) return;
    this.closed = true;
    const { stats } = this.slot.http;
    this.watch.stop();
    this.lifetime?.stop();
    this.headDeadline.stop();
    this.carry = null;
    this.slot.connections.delete(this);
    stats.downstream_cx_active--;
    stats.downstream_cx_destroy++;
    if (this.transport.secure) stats.downstream_cx_ssl_active--;
    if (!this.closing) {
      stats.downstream_cx_destroy_remote++;
      if (this.exchange !== null) stats.downstream_cx_destroy_remote_active_rq++;
    }
    if (this.exchange !== null) stats.downstream_rq_rx_reset++;
    this.exchange?.onDownstreamGone();
    this.gone();
  }

  /** The proxy goes away: an idle connection closes, a busy one after its response (and at once when `now`). */
  drain(now: boolean): void {
    if (now) this.transport.destroy();
    else if (this.exchange === null && this.parser.idle) this.shut();
  }

  // ---- idle limits

  private armWatch(): void {
    const limit = this.watchLimit();
    if (limit > 0) this.context.runtime.slowWheel.start(this.watch, limit);
  }

  /** A route's own limit may be shorter than what the watch waits for. */
  private watchRoute(): void {
    const limit = this.exchange?.idleLimit ?? 0;
    const armed = this.watchLimit();
    if (limit > 0 && (armed === 0 || limit < armed)) this.context.runtime.slowWheel.start(this.watch, limit);
  }

  private watchLimit(): number {
    const { idleTimeout, streamIdleTimeout } = this.config;
    if (idleTimeout === 0) return streamIdleTimeout;
    return streamIdleTimeout === 0 ? idleTimeout : Math.min(idleTimeout, streamIdleTimeout);
  }

  onWatch(): void {
    if (this.closing) return this.transport.destroy();
    const { exchange, config } = this;
    const limit = exchange === null ? config.idleTimeout : exchange.idleLimit;
    const idle = this.context.runtime.clock.now() - this.lastActivity;
    if (limit > 0 && idle >= limit) {
      if (exchange !== null) exchange.onIdle();
      else {
        config.stats.downstream_cx_idle_timeout++;
        this.shut();
      }
      return;
    }
    const wait = limit > 0 ? limit - idle : this.watchLimit();
    this.context.runtime.slowWheel.start(this.watch, Math.max(wait, 1));
  }

  /** Old enough: the next response is the last; later it closes without one. */
  onLifetime(): void {
    if (this.closing || this.lifetime === null) return;
    const { stats, drainTimeout } = this.config;
    if (this.old) return this.drain(false);
    this.old = true;
    stats.downstream_cx_max_duration_reached++;
    this.context.runtime.slowWheel.start(this.lifetime, Math.max(drainTimeout, 1));
  }

  onHeadDeadline(): void {
    if (this.exchange !== null || this.closing) return;
    const { stats, headersTimeout } = this.config;
    if (headersTimeout === 0) {
      stats.downstream_rq_timeout++;
      return this.answerAndClose(408, "request timeout");
    }
    stats.downstream_rq_header_timeout++;
    this.answerAndClose(408, "request header timeout");
  }
}
