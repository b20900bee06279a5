import { Flag } from "../core/flags";
import { H } from "../core/header-id";
import { HeaderList } from "../core/header-list";
import { latin1 } from "../core/latin1";
import type { PeerIdentity } from "../core/security";
import type { RequestRecord } from "../core/view";
import { TimerEntry } from "../core/wheel";
import { Verdict, type FilteredExchange } from "../filters/filter";
import { Framing } from "../http1/parser";
import type { RequestParser } from "../http1/request-parser";
import type { ResponseParser } from "../http1/response-parser";
import { chunkHead, lastChunk, requestHead, responseHead, statusLine } from "../http1/writer";
import type { ForwardAction } from "../routing/action";
import type { RouteInput } from "../routing/conditions";
import { mutate } from "../routing/header-mutation";
import { ResetReason, retriableReset, retriableStatus, type RetryPolicy } from "../routing/retry-policy";
import type { Route } from "../routing/table";
import { Attempt, type AttemptOwner } from "../upstream/attempt";
import type { Cluster } from "../upstream/cluster";
import type { UpstreamConnection } from "../upstream/connection";
import type { Host } from "../upstream/host";
import { backOff } from "../upstream/resilience/backoff";
import { absoluteForm, validAuthority } from "./authority";
import type { HttpConfig } from "./config";
import type { HttpContext } from "./context";
import type { DownstreamConnection } from "./downstream";
import { allowUnderscores, markRequest } from "./edge";
import { removeHopByHop, type ConnectionOptions } from "./hop-by-hop";
import { normalPath } from "./path";
import { redirectLocation } from "./redirect";

/** Body pieces up to this size travel as text with the head; larger ones as owned buffers. */
const textPiece = 16 * 1024;
/** A body up to this size is kept for a second try even without a retry policy, when the method allows one. */
const keptBody = 64 * 1024;

const enum State {
  Free,
  /** Head received, not yet routed. */
  New,
  /** A filter will resume it. */
  Stopped,
  /** A try is under way or waits for a connection. */
  Trying,
  BackingOff,
  /** A response head was written downstream. */
  Responding,
  Tunnel,
  Finished,
}

class RequestDeadline extends TimerEntry {
  constructor(private readonly exchange: Exchange) {
    super();
  }
  fire(): void {
    this.exchange.onRequestDeadline();
  }
}

/** The per-try timeout while a try runs, the back-off between two. */
class TryDeadline extends TimerEntry {
  constructor(private readonly exchange: Exchange) {
    super();
  }
  fire(): void {
    this.exchange.onTryDeadline();
  }
}

const noHeaders = new HeaderList();

/** One request and its response: from the parsed head to the last byte. Reused; `generation` tells its lives apart. */
export class Exchange implements AttemptOwner, RouteInput, RequestRecord, FilteredExchange {
  generation = 0;
  readonly responseHeaders = new HeaderList();
  private readonly attempt = new Attempt(this);
  private readonly requestDeadline = new RequestDeadline(this);
  private readonly tryDeadline = new TryDeadline(this);
  private state: State = State.Free;

  private downstream!: DownstreamConnection;
  private context!: HttpContext;
  private config!: HttpConfig;
  private framing: Framing = Framing.None;
  private readonly options: ConnectionOptions = { close: false, upgrade: false, forbidden: false };
  method = "";
  scheme = "http";
  authority = "";
  path = "";
  pathname = "";
  query = "";
  headers: HeaderList = noHeaders;
  private original = "";
  private minor = 1;
  private upgrade = "";

  private route: Route | undefined;
  private action: ForwardAction | undefined;
  private retry: RetryPolicy | undefined;
  cluster: Cluster | undefined;
  upstreamHost: Host | undefined;
  upstreamPeer: PeerIdentity | undefined;
  private tried: Host[] = [];
  private retriesLeft = 0;
  private retries = 0;
  private staleRetried = false;
  private holdsRetry = false;
  private filterAt = 0;

  private requestComplete = false;
  private requestText = "";
  /** Pieces of the body not yet sent, or kept for another try. */
  private held: (string | Buffer)[] = [];
  private heldBytes = 0;
  /** All of the body so far is in `held`, so another try can begin. */
  private heldInFull = true;
  private connection: UpstreamConnection | null = null;
  private upstreamOut = "";

  private downstreamOut = "";
  private responseChunked = false;
  private responseDone = false;
  private responded = false;
  private closeAfter = false;
  private awaitsContinue = false;

  status = 0;
  flags = 0;
  details = "";
  attempts = 0;
  startedAt = 0;
  private startedTick = 0;
  private tryTick = 0;
  durationMs = 0;
  upstreamMs = -1;
  requestBytes = 0;
  responseBytes = 0;

  /** Begins a life: the head was parsed, its fields stay the parser's until the end. */
  begin(downstream: DownstreamConnection, context: HttpContext, config: HttpConfig, head: RequestParser): void {
    this.generation++;
    this.state = State.New;
    this.downstream = downstream;
    this.context = context;
    this.config = config;
    this.method = head.method;
    this.original = this.path = head.target;
    this.minor = head.minor;
    this.headers = head.headers;
    this.framing = head.framing;
    this.requestComplete = false;
    this.startedTick = context.runtime.clock.now();
    this.startedAt = context.runtime.clock.wall();
  }

  /** The head is here and so is what came with it: route it. */
  start(): void {
    if (this.state !== State.New) return;
    if (!this.accept()) return;
    const route = this.config.routes.route(this);
    if (route === undefined) {
      this.config.stats.no_route++;
      return this.reply(404, "", Flag.NoRouteFound, "route_not_found");
    }
    this.route = route;
    this.filterAt = 0;
    this.runFilters();
  }

  get started(): boolean {
    return this.state !== State.New;
  }

  /** Edge rules. False when the request was answered here. */
  private accept(): boolean {
    const { headers, config, options } = this;
    const { transport } = this.downstream;
    removeHopByHop(headers, options);
    this.closeAfter = options.close || this.minor === 0 || this.downstream.lastRequest();
    this.scheme = transport.secure ? "https" : "http";
    if (options.forbidden) return this.refuse("connection_names_protected_header");
    if (!allowUnderscores(headers, config.underscores)) return this.refuse("unexpected_underscore");
    if (!this.readTarget()) return false;
    this.upgrade = "";
    if (headers.has(H.Upgrade)) {
      const wanted = (headers.joined(H.Upgrade) as string).toLowerCase();
      headers.remove(H.Upgrade);
      // `h2c` is an offer that a server may leave unanswered; so is an Upgrade that Connection does not name.
      if (options.upgrade && wanted !== "h2c") this.upgrade = wanted;
    }
    if (headers.has(H.Expect)) {
      this.awaitsContinue = (headers.get(H.Expect) as string).toLowerCase() === "100-continue";
      headers.remove(H.Expect);
      if (!this.awaitsContinue) {
        this.reply(417, "", Flag.DownstreamProtocolError, "unknown_expectation");
        return false;
      }
      if (this.requestComplete || this.requestBytes > 0) this.awaitsContinue = false;
    }
    markRequest(headers, transport, config);
    return true;
  }

  private refuse(details: string): false {
    this.closeAfter = true;
    this.reply(400, "", Flag.DownstreamProtocolError, details);
    return false;
  }

  /** Host and target become authority, path and query; false when the request was answered here. */
  private readTarget(): boolean {
    const { headers, config } = this;
    if (headers.repeated(H.Host)) return this.refuse("repeated_host");
    let authority = headers.get(H.Host);
    let target = this.original;
    if (this.method === "CONNECT") {
      this.closeAfter = true;
      this.reply(403, "", Flag.DownstreamProtocolError, "upgrade_failed");
      return false;
    }
    if (target.charCodeAt(0) !== 47) {
      if (target === "*") {
        if (this.method !== "OPTIONS") return this.refuse("invalid_target");
      } else {
        const absolute = absoluteForm(target);
        if (absolute === undefined) {
          config.stats.downstream_rq_non_relative_path++;
          return this.refuse("invalid_target");
        }
        // RFC 9112 §3.2.2: the target's authority replaces what Host says, which must be there all the same.
        if (authority === undefined && this.minor === 1) return this.refuse("missing_host");
        authority = absolute.authority;
        headers.set(H.Host, authority);
        target = absolute.path;
      }
    }
    if (authority === undefined && this.minor === 0 && config.defaultHostForHttp10 !== "") {
      authority = config.defaultHostForHttp10;
      headers.set(H.Host, authority);
    }
    if (authority === undefined) return this.refuse("missing_host");
    if (!validAuthority(authority)) return this.refuse("invalid_host");
    this.authority = authority;
    const normal = normalPath(target, config);
    if (normal === undefined) return this.refuse("path_normalization_failed");
    if (normal.redirect) {
      this.replyWith(307, "", 0, "path_normalization_redirect", normal.path);
      return false;
    }
    this.setTarget(normal.path);
    return true;
  }

  private setTarget(target: string): void {
    const mark = target.indexOf("?");
    this.path = target;
    this.pathname = mark < 0 ? target : target.slice(0, mark);
    this.query = mark < 0 ? "" : target.slice(mark + 1);
    this.forwardTarget = target;
  }
  private forwardTarget = "";

  private runFilters(): void {
    const { filters } = this.config;
    while (this.filterAt < filters.length) {
      const filter = filters[this.filterAt++];
      const verdict = filter?.onRequest(this) ?? Verdict.Continue;
      if (verdict === Verdict.Replied) return;
      if (verdict === Verdict.Stop) {
        this.state = State.Stopped;
        this.downstream.pauseBody();
        return;
      }
    }
    this.act();
  }

  /** From a filter that stopped the exchange; does nothing in another life. */
  resume(generation: number): void {
    if (generation !== this.generation || this.state !== State.Stopped) return;
    this.state = State.New;
    this.downstream.resumeBody();
    this.runFilters();
  }

  private act(): void {
    const route = this.route as Route;
    const { action } = route;
    if (action.kind === "direct") return this.reply(action.status, action.body, 0, "direct_response");
    if (action.kind === "redirect")
      return this.replyWith(action.status, "", 0, "direct_response", redirectLocation(action, this));
    const name = action.clusters.choose(this.headers, this.context.runtime.random);
    const cluster = this.context.clusterMap.get(name);
    if (cluster === undefined) {
      this.details = "cluster_not_found";
      return this.reply(action.clusterNotFoundStatus, "", Flag.NoClusterFound, "cluster_not_found");
    }
    if (this.upgrade !== "" && !(action.upgrades.get(this.upgrade) ?? this.config.upgrades.has(this.upgrade))) {
      this.config.stats.downstream_rq_ws_on_non_ws_route++;
      return this.reply(403, "", 0, "upgrade_failed");
    }
    this.action = action;
    this.cluster = cluster;
    this.retry = action.retry;
    this.retriesLeft = action.retry?.numRetries ?? 0;
    if (this.awaitsContinue) {
      this.awaitsContinue = false;
      this.downstream.sendContinue();
    }
    this.prepareRequest(route, action);
    this.startTry(false);
    if (this.requestComplete) this.armRequestDeadline();
  }

  private prepareRequest(route: Route, action: ForwardAction): void {
    const { headers } = this;
    const expected = action.retry?.perTryTimeout || action.timeout;
    if (expected > 0) headers.set(H.XEnvoyExpectedRqTimeoutMs, String(Math.round(expected)));
    if (action.prefixRewrite !== undefined) {
      headers.set(H.XEnvoyOriginalPath, this.forwardTarget);
      this.forwardTarget = action.prefixRewrite + this.forwardTarget.slice(action.matchedPrefix.length);
    }
    if (action.hostRewrite !== "") headers.set(H.Host, action.hostRewrite);
    if (route.headers !== undefined) mutate(headers, route.headers.request);
    if (this.upgrade !== "") {
      headers.add(H.Connection, "connection", "upgrade");
      headers.add(H.Upgrade, "upgrade", this.upgrade);
    } else if (this.framing === Framing.Chunked) headers.set(H.TransferEncoding, "chunked");
    this.requestText = requestHead(this.method, this.forwardTarget, headers);
  }

  private startTry(fresh: boolean): void {
    const cluster = this.cluster as Cluster;
    this.state = State.Trying;
    const now = this.context.runtime.clock.now();
    const { retry } = this;
    const draws = this.retries > 0 && retry?.avoidPreviousHosts === true ? retry.hostSelectionAttempts : 0;
    const host = cluster.pick(this.tried, draws, now);
    if (host === undefined)
      return this.reply(503, "no healthy upstream", Flag.NoHealthyUpstream, "no_healthy_upstream");
    this.attempts++;
    this.tryTick = now;
    this.upstreamHost = host;
    if (retry?.avoidPreviousHosts === true) this.tried.push(host);
    this.attempt.begin(cluster, host, this.method, now, fresh);
    if (this.state === State.Trying && retry !== undefined && retry.perTryTimeout > 0 && this.requestComplete)
      this.context.runtime.wheel.start(this.tryDeadline, retry.perTryTimeout);
  }

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
  private pass(piece: string | Buffer): void {
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
  private keepLimit(): number {
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

  private armRequestDeadline(): void {
    const { action } = this;
    if (action === undefined || this.state === State.Finished || this.state === State.Free) return;
    const { wheel } = this.context.runtime;
    if (action.timeout > 0 && !this.requestDeadline.waiting && this.upgrade === "")
      wheel.start(this.requestDeadline, action.timeout);
    const perTry = this.retry?.perTryTimeout ?? 0;
    if (perTry > 0 && this.state === State.Trying && !this.tryDeadline.waiting) wheel.start(this.tryDeadline, perTry);
  }

  /** All that one read gave has been told. */
  flushRequest(): void {
    if (this.connection === null) return;
    this.flushUpstream();
    if (this.requestComplete) this.connection?.finishRequest();
  }

  private flushUpstream(): void {
    const out = this.upstreamOut;
    if (out === "") return;
    this.upstreamOut = "";
    if (this.connection?.write(out) === false && !this.requestComplete) this.downstream.pauseBody();
  }

  // ---- the upstream side

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

  onResponseHead(response: ResponseParser): void {
    this.tryDeadline.stop();
    const { retry, status } = { retry: this.retry, status: response.status };
    this.status = status;
    this.upstreamMs = this.context.runtime.clock.now() - this.tryTick;
    if (status === 101) return this.onSwitching();
    if (retry !== undefined && status >= 400) {
      const limited = this.responseHeaders.lookup("x-envoy-ratelimited") !== undefined;
      if (retriableStatus(retry, status, limited)) {
        if (this.mayRetry()) {
          this.connection = null;
          this.attempt.discard();
          return this.backOff();
        }
      } else this.retrySucceeded();
    } else this.retrySucceeded();
    this.state = State.Responding;
    this.details = "via_upstream";
    this.writeHead(response.framing);
  }

  private retrySucceeded(): void {
    if (this.retries > 0) (this.cluster as Cluster).stats.upstream_rq_retry_success++;
    this.releaseRetry();
  }

  private writeHead(framing: Framing): void {
    const { responseHeaders: headers, status, options } = this;
    removeHopByHop(headers, options);
    headers.remove(H.Upgrade);
    this.responseChunked = false;
    if (framing === Framing.Chunked || framing === Framing.Close) {
      if (this.minor === 1) {
        this.responseChunked = true;
        headers.add(H.TransferEncoding, "transfer-encoding", "chunked");
      } else this.closeAfter = true;
    } else if (status === 204) headers.remove(H.ContentLength);
    headers.set(H.XEnvoyUpstreamServiceTime, String(Math.round(this.upstreamMs)));
    const rules = this.route?.headers;
    if (rules !== undefined) mutate(headers, rules.response);
    this.finishHead(headers);
    this.downstreamOut = responseHead(status, "Unknown", headers);
    this.responded = true;
  }

  /** What every response carries. */
  private finishHead(headers: HeaderList): void {
    if (!headers.has(H.Date)) headers.add(H.Date, "date", this.context.date.value);
    headers.set(H.Server, this.config.serverName);
    if (this.config.alwaysSetRequestIdInResponse) {
      const id = this.headers.get(H.XRequestId);
      if (id !== undefined) headers.set(H.XRequestId, id);
    }
    if (this.context.draining && !this.closeAfter) {
      this.closeAfter = true;
      this.config.stats.downstream_cx_drain_close++;
    }
    if (this.closeAfter) headers.add(H.Connection, "connection", "close");
    else if (this.minor === 0) headers.add(H.Connection, "connection", "keep-alive");
  }

  /** A 101: only if it was asked for does the connection become a tunnel. */
  private onSwitching(): void {
    const { responseHeaders: headers } = this;
    const agreed = headers.joined(H.Upgrade)?.toLowerCase();
    if (this.upgrade === "" || agreed !== this.upgrade) {
      this.connection = null;
      this.attempt.cancel(502);
      return this.reply(502, reset("protocol error"), Flag.UpstreamProtocolError, "upstream_reset{protocol_error}");
    }
    this.state = State.Tunnel;
    this.details = "via_upstream";
    this.closeAfter = true;
    this.requestDeadline.stop();
    this.connection?.becomeTunnel();
    removeHopByHop(headers, this.options);
    headers.remove(H.ContentLength);
    headers.remove(H.Upgrade);
    headers.add(H.Connection, "connection", "upgrade");
    headers.add(H.Upgrade, "upgrade", agreed);
    headers.set(H.Server, this.config.serverName);
    this.downstreamOut = responseHead(101, "Switching Protocols", headers);
    this.responded = true;
    this.config.stats.downstream_cx_upgrades_total++;
    this.config.stats.downstream_cx_upgrades_active++;
    this.downstream.becomeTunnel();
  }

  onResponseData(data: Buffer, start: number, end: number): void {
    const size = end - start;
    this.responseBytes += size;
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

  onResponseEnd(): void {
    if (this.state === State.Tunnel) {
      this.flushDownstream();
      return this.finish();
    }
    this.connection = null;
    this.responseDone = true;
    if (this.responseChunked) this.downstreamOut += lastChunk;
  }

  onResponseFlush(): void {
    if (this.state !== State.Responding && this.state !== State.Tunnel) return;
    if (this.responseDone && !this.requestComplete) this.closeAfter = true;
    this.flushDownstream();
    if (this.responseDone) this.finish();
  }

  private flushDownstream(): void {
    const out = this.downstreamOut;
    if (out === "") return;
    this.downstreamOut = "";
    this.sendDownstream(out);
  }

  private sendDownstream(data: string | Buffer): void {
    if (!this.downstream.write(data) && !this.responseDone) this.connection?.transport?.pause();
  }

  /** What was written to the client has left. */
  onDownstreamDrain(): void {
    this.connection?.transport?.resume();
  }

  onReset(reason: ResetReason, detail: string): void {
    this.tryDeadline.stop();
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
  private stale(reason: ResetReason, connection: UpstreamConnection | null): boolean {
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

  private replyReset(reason: ResetReason, detail: string): void {
    switch (reason) {
      case ResetReason.Overflow:
        this.overloaded = true;
        return this.reply(503, reset("overflow"), Flag.UpstreamOverflow, "upstream_reset_before_response{overflow}");
      case ResetReason.ConnectionFailure:
        this.details = `upstream_reset_before_response_started{connection_failure|${detail}}`;
        return this.reply(503, reset("connection failure"), Flag.UpstreamConnectionFailure, this.details);
      case ResetReason.ProtocolError:
        this.details = `upstream_reset_before_response_started{protocol_error|${detail}}`;
        return this.reply(502, reset("protocol error"), Flag.UpstreamProtocolError, this.details);
      default:
        this.details = "upstream_reset_before_response_started{connection_termination}";
        return this.reply(503, reset("connection termination"), Flag.UpstreamConnectionTermination, this.details);
    }
  }
  private overloaded = false;

  // ---- retries and deadlines

  /** Claims a retry: the policy's number, the body at hand, the cluster's budget. */
  private mayRetry(): boolean {
    const cluster = this.cluster as Cluster;
    this.releaseRetry();
    if (this.upgrade !== "" || !this.heldInFull || this.responded) return false;
    if (this.retriesLeft <= 0) {
      this.flags |= Flag.UpstreamRetryLimitExceeded;
      cluster.stats.upstream_rq_retry_limit_exceeded++;
      return false;
    }
    if (cluster.retriesActive >= cluster.config.limits.maxRetries) {
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

  private releaseRetry(): void {
    if (!this.holdsRetry) return;
    this.holdsRetry = false;
    (this.cluster as Cluster).retriesActive--;
  }

  private backOff(): void {
    const retry = this.retry as RetryPolicy;
    this.state = State.BackingOff;
    this.connection = null;
    this.upstreamOut = "";
    (this.cluster as Cluster).stats.upstream_rq_retry_backoff_exponential++;
    const wait = backOff(this.retries, retry.backOffBase, retry.backOffMax, this.context.runtime.random);
    this.context.runtime.wheel.start(this.tryDeadline, wait);
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
    this.connection = null;
    this.attempt.countTimeout();
    this.attempt.cancel(504);
    if (this.retry !== undefined && retriableReset(this.retry, ResetReason.PerTryTimeout, true) && this.mayRetry())
      return this.backOff();
    this.reply(504, "upstream request timeout", Flag.UpstreamRequestTimeout, "upstream_per_try_timeout");
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

  // ---- ends

  /** Answers from here. Latin1 text. */
  reply(status: number, body: string, flags: number, details: string): void {
    this.replyWith(status, body, flags, details, "");
  }

  private replyWith(status: number, body: string, flags: number, details: string, location: string): void {
    const headers = this.responseHeaders;
    headers.reset();
    if (location !== "") headers.add(H.Location, "location", location);
    if (body !== "") {
      headers.add(H.ContentLength, "content-length", String(body.length));
      headers.add(H.ContentType, "content-type", "text/plain");
    } else if (status !== 204 && status >= 200 && status !== 304) headers.add(H.ContentLength, "content-length", "0");
    if (this.overloaded) headers.add(H.XEnvoyOverloaded, "x-envoy-overloaded", "true");
    this.status = status;
    this.flags |= flags;
    this.details = details;
    // What is left of the request's body is not wanted, so nothing after it can be read.
    if (!this.requestComplete) this.closeAfter = true;
    if (details === "direct_response" && this.route?.headers !== undefined)
      mutate(headers, this.route.headers.response);
    this.finishHead(headers);
    this.responded = true;
    this.responseDone = true;
    const text = this.method === "HEAD" ? "" : body;
    this.responseBytes += text.length;
    this.downstream.write(statusLine(status) + headers.write() + "\r\n" + text);
    this.finish();
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
  private abort(): void {
    this.config.stats.downstream_rq_tx_reset++;
    this.closeAfter = true;
    this.downstreamOut = "";
    const { downstream } = this;
    this.finish(true);
    downstream.reset();
  }

  /** The one end of every exchange: everything held goes back, once. */
  private finish(aborted = false): void {
    if (this.state === State.Finished || this.state === State.Free) return;
    const tunnelled = this.state === State.Tunnel;
    this.state = State.Finished;
    this.requestDeadline.stop();
    this.tryDeadline.stop();
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
    context.giveExchange(this);
  }

  private count(): void {
    const { stats } = this.config;
    stats.downstream_rq_completed++;
    const { status } = this;
    if (status >= 500) stats.downstream_rq_5xx++;
    else if (status >= 400) stats.downstream_rq_4xx++;
    else if (status >= 300) stats.downstream_rq_3xx++;
    else if (status >= 200) stats.downstream_rq_2xx++;
    else if (status >= 100) stats.downstream_rq_1xx++;
  }

  /** Every field as it is before a life. */
  private release(): void {
    this.state = State.Free;
    this.headers = noHeaders;
    this.responseHeaders.reset();
    this.original =
      this.authority =
      this.path =
      this.pathname =
      this.query =
      this.forwardTarget =
      this.requestText =
        "";
    this.upgrade = this.upstreamOut = this.downstreamOut = this.details = "";
    this.route = undefined;
    this.action = undefined;
    this.retry = undefined;
    this.cluster = undefined;
    this.upstreamHost = undefined;
    this.upstreamPeer = undefined;
    if (this.tried.length > 0) this.tried.length = 0;
    if (this.held.length > 0) this.held.length = 0;
    this.retriesLeft = this.retries = this.heldBytes = 0;
    this.staleRetried = this.responseChunked = this.responseDone = this.responded = false;
    this.closeAfter = this.awaitsContinue = this.overloaded = this.requestComplete = false;
    this.heldInFull = true;
    this.status = this.flags = this.attempts = this.requestBytes = this.responseBytes = 0;
    this.upstreamMs = -1;
  }

  // ---- what logs see

  get listener(): string {
    return this.config.listener;
  }
  get statPrefix(): string {
    return this.config.statPrefix;
  }
  get direction(): string {
    return this.config.direction;
  }
  get protocol(): string {
    return this.minor === 1 ? "HTTP/1.1" : "HTTP/1.0";
  }
  get target(): string {
    return this.original;
  }
  get routeName(): string {
    return this.route?.name ?? "";
  }
  get clientAddress(): string {
    return this.downstream.transport.remoteAddress;
  }
  get clientPort(): number {
    return this.downstream.transport.remotePort;
  }
  get localAddress(): string {
    return this.downstream.transport.localAddress;
  }
  get localPort(): number {
    return this.downstream.transport.localPort;
  }
  get peer(): PeerIdentity | undefined {
    return this.downstream.transport.peer;
  }
  requestHeader(name: string): string | undefined {
    return this.headers.lookup(name);
  }
  responseHeader(name: string): string | undefined {
    return this.responseHeaders.lookup(name);
  }
}

/** RFC 9110 §9.2.2. */
function idempotent(method: string): boolean {
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

function reset(reason: string): string {
  return `upstream connect error or disconnect/reset before headers. reset reason: ${reason}`;
}
