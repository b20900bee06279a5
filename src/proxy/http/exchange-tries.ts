import { hashRequest, type HashInput, type HashPolicy } from "../balancing/hash-policy";
import { U64 } from "../balancing/u64";
import { Flag } from "../core/flags";
import { H } from "../core/header-id";
import { TimerEntry } from "../core/wheel";
import { requestHead } from "../http1/writer";
import type { ResponseParser } from "../http1/response-parser";
import { ResetReason, retriableReset, type RetryPolicy } from "../routing/retry-policy";
import { Attempt, type AttemptOwner } from "../upstream/attempt";
import type { Cluster } from "../upstream/cluster";
import type { UpstreamConnection } from "../upstream/connection";
import { backOff } from "../upstream/resilience/backoff";
import { State } from "./exchange-record";
import { ExchangeEnd } from "./exchange-end";

class RequestDeadline extends TimerEntry {
  constructor(private readonly exchange: ExchangeTries) {
    super();
  }
  fire(): void {
    this.exchange.onRequestDeadline();
  }
}

/** The per-try timeout while a try runs, the back-off between two. */
class TryDeadline extends TimerEntry {
  constructor(private readonly exchange: ExchangeTries) {
    super();
  }
  fire(): void {
    this.exchange.onTryDeadline();
  }
}

/** Looks whether a try was silent for too long. */
class TryIdle extends TimerEntry {
  constructor(private readonly exchange: ExchangeTries) {
    super();
  }
  fire(): void {
    this.exchange.onTryIdle();
  }
}

/** The tries of one exchange: hosts, deadlines, and when to try again. */
export abstract class ExchangeTries extends ExchangeEnd implements AttemptOwner, HashInput {
  protected readonly attempt = new Attempt(this);
  protected readonly requestDeadline = new RequestDeadline(this);
  protected readonly tryDeadline = new TryDeadline(this);
  protected readonly tryIdle = new TryIdle(this);

  private readonly hash = new U64();

  abstract clientIp: string;
  abstract onReady(connection: UpstreamConnection): void;
  abstract onUpstreamDrain(): void;
  abstract onResponseHead(response: ResponseParser): void;
  abstract onResponseData(data: Buffer, start: number, end: number): void;
  abstract onResponseEnd(tail: string): void;
  abstract onResponseFlush(): void;

  protected startTry(fresh: boolean): void {
    const cluster = this.cluster as Cluster;
    this.state = State.Trying;
    const now = this.context.runtime.clock.now();
    const { retry, action } = this;
    const draws = this.retries > 0 && retry?.avoidPreviousHosts === true ? retry.hostSelectionAttempts : 0;
    const hash = action?.hash !== undefined && this.hashed(action.hash) ? this.hash : undefined;
    const host = cluster.pick(this.tried, draws, now, hash);
    if (host === undefined)
      return this.reply(503, "no healthy upstream", Flag.NoHealthyUpstream, "no_healthy_upstream");
    this.attempts++;
    if (action?.attemptCount === true) this.countInRequest();
    this.tryTick = now;
    this.upstreamHost = host;
    if (action?.autoHostRewrite === true && host.hostname !== "") this.nameHost(host.hostname);
    if (retry?.avoidPreviousHosts === true) this.tried.push(host);
    if (retry !== undefined && retry.perTryIdleTimeout > 0) {
      this.touchTry();
      this.context.runtime.wheel.start(this.tryIdle, retry.perTryIdleTimeout);
    }
    this.attempt.begin(cluster, host, this.method, now, fresh);
    if (this.state === State.Trying && retry !== undefined && retry.perTryTimeout > 0 && this.requestComplete)
      this.context.runtime.wheel.start(this.tryDeadline, retry.perTryTimeout);
  }

  /** The request's hash, computed for its first try, is the same for all of them. */
  private hashed(policies: readonly HashPolicy[]): boolean {
    if (this.attempts === 0) this.hasHash = hashRequest(policies, this, this.hash);
    return this.hasHash;
  }

  get connectionKey(): string {
    const { remoteAddress, remotePort, localAddress, localPort } = this.downstream.transport;
    return `${remoteAddress}:${remotePort}${localAddress}:${localPort}`;
  }

  addCookie(line: string): void {
    this.newCookies.push(line);
  }

  /** Bytes went or came: what the idle timeout of a try looks at. */
  protected touchTry(): void {
    this.tryActivity = this.context.runtime.clock.now();
  }

  /** The request goes to the host by its name. */
  private nameHost(hostname: string): void {
    this.rewriteHost(hostname);
    this.requestText = requestHead(this.method, this.forwardTarget, this.headers);
  }

  /** As Envoy: what the client asked for stays to be seen. */
  protected rewriteHost(host: string): void {
    if (!this.config.suppressEnvoyHeaders) this.headers.put("x-envoy-original-host", this.authority);
    this.headers.set(H.Host, host);
  }

  /** Tells the upstream which try this is. */
  private countInRequest(): void {
    this.headers.set(H.XEnvoyAttemptCount, String(this.attempts));
    this.requestText = requestHead(this.method, this.forwardTarget, this.headers);
  }

  protected armRequestDeadline(): void {
    const { action } = this;
    if (action === undefined || this.state === State.Finished || this.state === State.Free) return;
    const { wheel } = this.context.runtime;
    if (action.timeout > 0 && !this.requestDeadline.waiting && this.upgrade === "")
      wheel.start(this.requestDeadline, action.timeout);
    const perTry = this.retry?.perTryTimeout ?? 0;
    if (perTry > 0 && this.state === State.Trying && !this.tryDeadline.waiting) wheel.start(this.tryDeadline, perTry);
  }

  onReset(reason: ResetReason, detail: string): void {
    this.tryDeadline.stop();
    this.tryIdle.stop();
    const { connection } = this;
    this.connection = null;
    this.upstreamOut = "";
    if (this.state === State.Tunnel) return this.finish();
    if (this.state === State.Responding) {
      // Cut off in the middle: the client must not take what it has for the whole.
      this.flags |=
        reason === ResetReason.ProtocolError ? Flag.UpstreamProtocolError : Flag.UpstreamConnectionTermination;
      this.details = "upstream_reset_after_response_started";
      return this.abort();
    }
    if (this.state !== State.Trying) return;
    if (this.stale(reason, connection)) {
      this.staleRetried = true;
      this.attempts--;
      return this.startTry(true);
    }
    const sent = connection !== null;
    if (this.retry !== undefined && retriableReset(this.retry, reason, sent) && this.mayRetry()) return this.backOff();
    this.replyReset(reason, detail);
  }

  /**
   * The peer closed a kept connection just as we used it: nothing is lost by asking again on a new one, if asking twice
   * is harmless and all of the request is at hand. It is no retry by policy and happens once.
   */
  protected stale(reason: ResetReason, connection: UpstreamConnection | null): boolean {
    return (
      reason === ResetReason.ConnectionTermination &&
      connection !== null &&
      connection.reused &&
      connection.silent &&
      !this.staleRetried &&
      this.heldInFull &&
      this.upgrade === "" &&
      idempotent(this.method)
    );
  }

  protected replyReset(reason: ResetReason, detail: string): void {
    switch (reason) {
      case ResetReason.Overflow:
        this.overloaded = true;
        return this.reply(
          503,
          resetText("overflow"),
          Flag.UpstreamOverflow,
          "upstream_reset_before_response{overflow}",
        );
      case ResetReason.ConnectionFailure:
        this.details = `upstream_reset_before_response_started{connection_failure|${detail}}`;
        return this.reply(503, resetText("connection failure"), Flag.UpstreamConnectionFailure, this.details);
      case ResetReason.ProtocolError:
        this.details = `upstream_reset_before_response_started{protocol_error|${detail}}`;
        return this.reply(502, resetText("protocol error"), Flag.UpstreamProtocolError, this.details);
      default:
        this.details = "upstream_reset_before_response_started{connection_termination}";
        return this.reply(503, resetText("connection termination"), Flag.UpstreamConnectionTermination, this.details);
    }
  }

  /** Claims a retry: the policy's number, the body at hand, the cluster's budget. */
  protected mayRetry(): boolean {
    const cluster = this.cluster as Cluster;
    this.releaseRetry();
    if (this.upgrade !== "" || !this.heldInFull || this.responded) return false;
    if (this.retriesLeft <= 0) {
      this.flags |= Flag.UpstreamRetryLimitExceeded;
      cluster.stats.upstream_rq_retry_limit_exceeded++;
      return false;
    }
    if (!cluster.mayRetry) {
      this.flags |= Flag.UpstreamOverflow;
      cluster.stats.upstream_rq_retry_overflow++;
      return false;
    }
    this.retriesLeft--;
    this.retries++;
    this.holdsRetry = true;
    cluster.retriesActive++;
    cluster.stats.upstream_rq_retry++;
    return true;
  }

  protected retrySucceeded(): void {
    if (this.retries > 0) (this.cluster as Cluster).stats.upstream_rq_retry_success++;
    this.releaseRetry();
  }

  /** `asked`: milliseconds for which the upstream asked to be left alone; undefined: the policy's own back-off. */
  protected backOff(asked?: number): void {
    const retry = this.retry as RetryPolicy;
    const { stats } = this.cluster as Cluster;
    const { random, wheel } = this.context.runtime;
    this.state = State.BackingOff;
    this.connection = null;
    this.upstreamOut = "";
    this.tryIdle.stop();
    if (asked === undefined) {
      stats.upstream_rq_retry_backoff_exponential++;
      wheel.start(this.tryDeadline, backOff(this.retries, retry.backOffBase, retry.backOffMax, random));
      return;
    }
    stats.upstream_rq_retry_backoff_ratelimited++;
    // Never sooner than asked, and not all at once.
    wheel.start(this.tryDeadline, asked + random.below(Math.max(asked >> 1, 1)));
  }

  onTryDeadline(): void {
    if (this.state === State.BackingOff) {
      // The configuration may have changed meanwhile: a cluster of this name is looked for anew.
      const cluster = this.context.clusterMap.get((this.cluster as Cluster).name);
      if (cluster === undefined)
        return this.reply(503, "no healthy upstream", Flag.NoHealthyUpstream, "no_healthy_upstream");
      if (cluster !== this.cluster) {
        this.releaseRetry();
        this.cluster = cluster;
      }
      return this.startTry(false);
    }
    if (this.state !== State.Trying) return;
    (this.cluster as Cluster).stats.upstream_rq_per_try_timeout++;
    this.giveUpTry("upstream_per_try_timeout");
  }

  /** A try took, or was silent, too long. */
  private giveUpTry(details: string): void {
    this.connection = null;
    this.tryDeadline.stop();
    this.tryIdle.stop();
    this.attempt.countTimeout();
    this.attempt.cancel(504);
    if (this.responded) {
      this.flags |= Flag.UpstreamRequestTimeout;
      this.details = details;
      return this.abort();
    }
    if (this.retry !== undefined && retriableReset(this.retry, ResetReason.PerTryTimeout, true) && this.mayRetry())
      return this.backOff();
    this.reply(504, "upstream request timeout", Flag.UpstreamRequestTimeout, details);
  }

  onTryIdle(): void {
    if ((this.state !== State.Trying && this.state !== State.Responding) || this.retry === undefined) return;
    const { clock, wheel } = this.context.runtime;
    const left = this.retry.perTryIdleTimeout - (clock.now() - this.tryActivity);
    if (left > 0) return wheel.start(this.tryIdle, left);
    (this.cluster as Cluster).stats.upstream_rq_per_try_idle_timeout++;
    this.giveUpTry("upstream_per_try_idle_timeout");
  }

  onRequestDeadline(): void {
    if (this.state === State.Finished || this.state === State.Free || this.state === State.Tunnel) return;
    const cluster = this.cluster as Cluster;
    cluster.stats.upstream_rq_timeout++;
    this.connection = null;
    this.attempt.countTimeout();
    this.attempt.cancel(504);
    if (this.responded) {
      this.flags |= Flag.UpstreamRequestTimeout;
      this.details = "response_timeout";
      return this.abort();
    }
    this.reply(504, "upstream request timeout", Flag.UpstreamRequestTimeout, "response_timeout");
  }
}

/** RFC 9110 §9.2.2. */
export function idempotent(method: string): boolean {
  switch (method) {
    case "GET":
    case "HEAD":
    case "OPTIONS":
    case "PUT":
    case "DELETE":
    case "TRACE":
      return true;
    default:
      return false;
  }
}

/** Envoy's words for a try that failed before its response. */
export function resetText(reason: string): string {
  return `upstream connect error or disconnect/reset before headers. reset reason: ${reason}`;
}
