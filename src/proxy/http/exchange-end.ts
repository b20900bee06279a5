import { Flag } from "../core/flags";
import { H, headerId } from "../core/header-id";
import type { HeaderList } from "../core/header-list";
import type { TimerEntry } from "../core/wheel";
import { statusLine } from "../http1/writer";
import { mutate, type HeaderMutation } from "../routing/header-mutation";
import type { Attempt } from "../upstream/attempt";
import type { Cluster } from "../upstream/cluster";
import type { HttpContext } from "./context";
import { ExchangeRecord, State } from "./exchange-record";

const none: readonly HeaderMutation[] = [];

/** Answers made here, and the one end of every exchange. */
export abstract class ExchangeEnd extends ExchangeRecord {
  protected abstract readonly attempt: Attempt;
  protected abstract readonly requestDeadline: TimerEntry;
  protected abstract readonly tryDeadline: TimerEntry;
  protected abstract readonly tryIdle: TimerEntry;

  /** Back to the free list. */
  protected abstract recycle(context: HttpContext): void;

  /** Lets the filters see a response's head. */
  protected abstract filterResponse(headers: HeaderList): void;

  /** Answers from here. Latin1 text. */
  reply(status: number, body: string, flags: number, details: string, extra: readonly HeaderMutation[] = none): void {
    const headers = this.responseHeaders;
    headers.reset();
    if (body !== "") {
      headers.add(H.ContentLength, "content-length", String(body.length));
      headers.add(H.ContentType, "content-type", "text/plain");
    } else if (status !== 204 && status >= 200 && status !== 304) headers.add(H.ContentLength, "content-length", "0");
    if (this.overloaded && !this.config.suppressEnvoyHeaders)
      headers.add(H.XEnvoyOverloaded, "x-envoy-overloaded", "true");
    this.status = status;
    this.flags |= flags;
    this.details = details;
    // What is left of the request's body is not wanted, so nothing after it can be read.
    if (!this.requestComplete) this.closeAfter = true;
    if (extra.length > 0) mutate(headers, extra, this);
    if (details === "direct_response" && this.route?.headers !== undefined)
      mutate(headers, this.route.headers.response, this);
    this.filterResponse(headers);
    this.finishHead(headers);
    this.responded = true;
    this.responseDone = true;
    const text = this.method === "HEAD" ? "" : body;
    this.responseBytes += text.length;
    this.downstream.write(statusLine(status) + headers.write() + "\r\n" + text);
    this.finish();
  }

  /** What every response carries. */
  protected finishHead(headers: HeaderList): void {
    if (!headers.has(H.Date)) headers.add(H.Date, "date", this.context.date.value);
    this.nameServer(headers);
    for (const line of this.newCookies) headers.add(headerId("set-cookie"), "set-cookie", line);
    if (this.config.alwaysSetRequestIdInResponse) {
      const id = this.headers.get(H.XRequestId);
      if (id !== undefined) headers.set(H.XRequestId, id);
    }
    if (this.downstream.old) this.closeAfter = true;
    if (this.context.draining && !this.closeAfter) {
      this.closeAfter = true;
      this.config.stats.downstream_cx_drain_close++;
    }
    if (this.closeAfter) headers.add(H.Connection, "connection", "close");
    else if (this.minor === 0) headers.add(H.Connection, "connection", "keep-alive");
  }

  protected nameServer(headers: HeaderList): void {
    const { serverHeader, serverName } = this.config;
    if (serverHeader === "OVERWRITE" || (serverHeader === "APPEND_IF_ABSENT" && !headers.has(H.Server)))
      headers.set(H.Server, serverName);
  }

  /** No byte for too long, in either direction. */
  onIdle(): void {
    this.config.stats.downstream_rq_idle_timeout++;
    this.flags |= Flag.StreamIdleTimeout;
    if (this.responded) {
      this.details = "stream_idle_timeout";
      return this.abort();
    }
    this.closeAfter = true;
    this.reply(this.requestComplete ? 504 : 408, "stream timeout", Flag.StreamIdleTimeout, "stream_idle_timeout");
  }

  /** Milliseconds without activity that this exchange may live; 0: no limit. */
  get idleLimit(): number {
    return this.action?.idleTimeout ?? this.config.streamIdleTimeout;
  }

  /** A tunnel's client sent FIN: the other side gets it too. */
  onDownstreamEnd(): void {
    if (this.state === State.Tunnel) this.connection?.transport?.end();
    else this.closeAfter = true;
  }

  get receiving(): boolean {
    return !this.requestComplete;
  }

  /** The client is gone. */
  onDownstreamGone(): void {
    this.flags |= Flag.DownstreamConnectionTermination;
    this.details = "downstream_remote_disconnect";
    this.finish();
  }

  /** The request's own bytes broke the protocol after its head. */
  onDownstreamError(status: number, details: string): void {
    this.flags |= Flag.DownstreamProtocolError;
    this.details = details;
    this.closeAfter = true;
    if (this.responded) return this.abort();
    this.connection = null;
    this.attempt.cancel(0);
    this.reply(status, "", Flag.DownstreamProtocolError, details);
  }

  /** Ends it so that the client sees that the response is not complete. */
  protected abort(): void {
    this.config.stats.downstream_rq_tx_reset++;
    this.closeAfter = true;
    this.downstreamOut = "";
    const { downstream } = this;
    this.finish(true);
    downstream.reset();
  }

  /** The one end of every exchange: everything held goes back, once. */
  protected finish(aborted = false): void {
    if (this.state === State.Finished || this.state === State.Free) return;
    const tunnelled = this.state === State.Tunnel;
    this.state = State.Finished;
    this.requestDeadline.stop();
    this.tryDeadline.stop();
    this.tryIdle.stop();
    this.connection = null;
    this.attempt.cancel(0);
    if (this.holdsRetry) this.releaseRetry();
    if (tunnelled) this.config.stats.downstream_cx_upgrades_active--;
    this.count();
    this.durationMs = this.context.runtime.clock.now() - this.startedTick;
    for (const observer of this.context.observers) observer.onRequest(this);
    for (const observer of this.config.observers) observer.onRequest(this);
    const { downstream, context } = this;
    const close = this.closeAfter || tunnelled || !this.requestComplete;
    this.release();
    downstream.onExchangeDone(close, aborted);
    this.recycle(context);
  }

  protected count(): void {
    const { stats } = this.config;
    stats.downstream_rq_completed++;
    const { status } = this;
    if (status >= 500) stats.downstream_rq_5xx++;
    else if (status >= 400) stats.downstream_rq_4xx++;
    else if (status >= 300) stats.downstream_rq_3xx++;
    else if (status >= 200) stats.downstream_rq_2xx++;
    else if (status >= 100) stats.downstream_rq_1xx++;
  }

  protected releaseRetry(): void {
    if (!this.holdsRetry) return;
    this.holdsRetry = false;
    (this.cluster as Cluster).retriesActive--;
  }
}
