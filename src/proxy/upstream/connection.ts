import type { Http1Error } from "../http1/error";
import { http1Errors } from "../http1/error";
import type { MessageSink, ParserLimits } from "../http1/parser";
import { ResponseParser } from "../http1/response-parser";
import { H } from "../core/header-id";
import { TimerEntry } from "../core/wheel";
import type { Transport, TransportSink } from "../net/transport";
import { trailerChunk } from "../http1/trailers";
import { ResetReason } from "../routing/retry-policy";
import type { Attempt } from "./attempt";
import type { Http1Pool } from "./pool-h1";

/** Envoy's default for response heads. */
const headBytes = 60 * 1024;

const enum State {
  Connecting,
  Open,
  Closed,
}

class Deadline extends TimerEntry {
  constructor(private readonly connection: UpstreamConnection) {
    super();
  }
  fire(): void {
    this.connection.onDeadline();
  }
}

/** One HTTP/1.1 connection to a host. It serves one try at a time and is reused only when nothing about it is in doubt. */
export class UpstreamConnection implements TransportSink, MessageSink {
  attempt: Attempt | null = null;
  transport: Transport | undefined;
  private readonly parser: ResponseParser;
  private state: State = State.Connecting;
  private dialing: { destroy(): void } | undefined;
  private readonly deadline = new Deadline(this);
  private readonly epoch: number;
  private readonly generation: number;
  private served = 0;
  private openedAt = 0;
  /** The request of the current try is fully written. */
  private requestDone = false;
  private mayReuse = true;
  /** After a 101: bytes are no longer HTTP. */
  private tunnel = false;
  /** A response byte of the current try was seen. */
  private heard = false;

  constructor(private readonly pool: Http1Pool) {
    const limits: ParserLimits = { headBytes, headers: pool.cluster.config.maxResponseHeaders };
    this.parser = new ResponseParser(this, limits);
    this.epoch = pool.epoch;
    this.generation = pool.cluster.config.tls?.generation ?? 0;
  }

  connect(): void {
    const { cluster, host } = this.pool;
    cluster.runtime.wheel.start(this.deadline, cluster.config.connectTimeout);
    this.dialing = cluster.dialer.dial(host.address, host.port, this, (error, transport) => {
      if (this.state !== State.Connecting) {
        transport?.destroy();
        return;
      }
      this.deadline.stop();
      this.dialing = undefined;
      if (transport === undefined) {
        this.state = State.Closed;
        this.pool.onConnectFailed(false, error?.message ?? "connection failed");
        return;
      }
      this.transport = transport;
      this.state = State.Open;
      this.openedAt = cluster.runtime.clock.now();
      this.pool.onConnected(this);
    });
  }

  onDeadline(): void {
    if (this.state === State.Connecting) {
      this.state = State.Closed;
      this.dialing?.destroy();
      this.pool.onConnectFailed(true, "connection timeout");
      return;
    }
    if (this.attempt === null) {
      const { stats } = this.pool.cluster;
      if (this.left <= 0) stats.upstream_cx_max_duration_reached++;
      else stats.upstream_cx_idle_timeout++;
      this.close();
    }
  }

  /** True when a new request may be sent on it. */
  usable(): boolean {
    const { config } = this.pool.cluster;
    if (this.state !== State.Open || !this.mayReuse || (this.transport as Transport).destroyed) return false;
    if (this.epoch !== this.pool.epoch || this.pool.host.removed) return false;
    if (config.tls !== undefined && config.tls.generation !== this.generation) return false;
    if (config.maxConnectionDuration > 0 && this.left <= 0) return false;
    return config.maxRequestsPerConnection === 0 || this.served < config.maxRequestsPerConnection;
  }

  /** Milliseconds for which it may still take requests. */
  private get left(): number {
    const { config, runtime } = this.pool.cluster;
    if (config.maxConnectionDuration === 0) return Infinity;
    return config.maxConnectionDuration - (runtime.clock.now() - this.openedAt);
  }

  /** Was used before: the peer may be closing it just now. */
  get reused(): boolean {
    return this.served > 1;
  }

  /** The peer has sent nothing for the current try. */
  get silent(): boolean {
    return !this.heard;
  }

  assign(attempt: Attempt): void {
    this.deadline.stop();
    this.served++;
    this.requestDone = false;
    this.heard = false;
    this.parser.expect(attempt.method, attempt.owner.responseHeaders);
    this.attempt = attempt;
    attempt.ready(this);
  }

  /** In the idle stack from now on. */
  rest(): void {
    const { config, runtime } = this.pool.cluster;
    const limit = Math.min(config.idleTimeout || Infinity, this.left);
    if (limit < Infinity) runtime.slowWheel.start(this.deadline, Math.max(limit, 1));
  }

  write(data: string | Buffer): boolean {
    this.pool.cluster.stats.upstream_cx_tx_bytes_total += data.length;
    return (this.transport as Transport).write(data);
  }

  /** The current request is fully written. */
  finishRequest(): void {
    this.requestDone = true;
  }

  /** The response was a 101 that the owner wants: from now on bytes go through as they are. */
  becomeTunnel(): void {
    this.tunnel = true;
    this.mayReuse = false;
  }

  onData(data: Buffer, length: number): void {
    this.pool.cluster.stats.upstream_cx_rx_bytes_total += length;
    if (this.attempt === null) {
      // Nothing was asked: whatever this is, it must not answer the next request.
      if (this.state === State.Open) this.close();
      return;
    }
    this.heard = true;
    if (this.tunnel) {
      this.attempt.owner.onResponseData(data, 0, length);
      this.attempt?.owner.onResponseFlush();
      return;
    }
    let at = 0;
    const { parser } = this;
    while (at < length && this.state === State.Open) {
      at = parser.execute(data, at, length);
      if (parser.failed) return this.onParserFailed();
      // The owner does not want this response. If it is here in full the connection is as good as new.
      if (this.attempt === null && !parser.done) return this.abandon();
      if (!parser.done) continue;
      if (this.tunnel) {
        if (at < length) this.attempt?.owner.onResponseData(data, at, length);
        break;
      }
      if (parser.status < 200 && parser.status !== 101) {
        // An interim response: the real one follows on the same exchange.
        parser.again();
        continue;
      }
      return this.onComplete(at < length);
    }
    this.attempt?.owner.onResponseFlush();
  }

  /** A whole response was read. */
  private onComplete(leftOver: boolean): void {
    const { attempt, parser } = this;
    const reusable = this.requestDone && !leftOver && parser.minor === 1 && parser.status !== 101 && !saysClose(parser);
    if (!reusable) this.mayReuse = false;
    // The parser is the next response's as soon as the connection is released.
    const tail = parser.trailers.count > 0 && this.pool.cluster.config.trailers ? trailerChunk(parser.trailers) : "";
    attempt?.complete();
    const owner = attempt?.owner;
    if (!this.mayReuse) this.close();
    // The connection is back before the owner writes: answering may at once ask for the next request's connection.
    else if (this.state === State.Open) this.pool.release(this);
    owner?.onResponseEnd(tail);
    owner?.onResponseFlush();
  }

  private onParserFailed(): void {
    const { attempt } = this;
    this.pool.cluster.stats.upstream_cx_protocol_error++;
    const name = http1Errors[this.parser.error as Http1Error]?.name ?? "protocol error";
    this.mayReuse = false;
    attempt?.reset(ResetReason.ProtocolError, name);
    this.close();
  }

  onHead(): void {
    const { attempt, parser } = this;
    if (attempt === null) return;
    if (parser.status < 200 && parser.status !== 101) return;
    attempt.onHead(parser, this.pool.cluster.runtime.clock.now());
  }

  onBody(data: Buffer, start: number, end: number): void {
    this.attempt?.owner.onResponseData(data, start, end);
  }

  /** Handled after `execute`, when it is known whether bytes are left over. */
  onMessageEnd(): void {}

  onDrain(): void {
    this.attempt?.owner.onUpstreamDrain();
  }

  onEnd(): void {
    if (this.attempt === null) return this.close();
    this.mayReuse = false;
    if (this.tunnel) {
      this.attempt.owner.onResponseEnd("");
      return;
    }
    if (!this.parser.idle && !this.parser.done && this.parser.finish()) {
      const { attempt } = this;
      attempt.complete();
      this.close();
      attempt.owner.onResponseEnd("");
      attempt.owner.onResponseFlush();
      return;
    }
    this.fail();
  }

  onClose(): void {
    if (this.state === State.Closed) return;
    this.fail();
  }

  /** The peer closed in the middle of something. */
  private fail(): void {
    const { attempt } = this;
    if (attempt !== null) this.pool.cluster.stats.upstream_cx_destroy_remote_with_active_rq++;
    this.close();
    attempt?.reset(ResetReason.ConnectionTermination, "connection termination");
  }

  /** The try was given up while the exchange was under way: what the peer may still send has no owner. */
  abandon(): void {
    this.pool.cluster.stats.upstream_cx_destroy_local_with_active_rq++;
    this.mayReuse = false;
    this.close();
  }

  close(): void {
    if (this.state === State.Closed) return;
    this.state = State.Closed;
    this.deadline.stop();
    this.transport?.destroy();
    this.pool.onClosed(this);
  }
}

function saysClose(parser: ResponseParser): boolean {
  const value = parser.headers.joined(H.Connection);
  return value !== undefined && /(^|[\s,])close($|[\s,])/i.test(value);
}
