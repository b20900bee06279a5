import { Flag } from "../core/flags";
import { H } from "../core/header-id";
import { Framing } from "../http1/parser";
import type { RequestParser } from "../http1/request-parser";
import { requestHead } from "../http1/writer";
import type { ForwardAction, HeaderRules, WeightedCluster } from "../routing/action";
import type { RouteInput } from "../routing/conditions";
import { mutate } from "../routing/header-mutation";
import { policyFor } from "../routing/retry-policy";
import { absoluteForm, validAuthority } from "./authority";
import type { HttpConfig } from "./config";
import type { HttpContext } from "./context";
import type { DownstreamConnection } from "./downstream";
import { allowUnderscores, markRequest } from "./edge";
import { removeHopByHop } from "./hop-by-hop";
import { normalPath } from "./path";
import { redirectLocation } from "./redirect";
import { State } from "./exchange-record";
import { ExchangeFilters } from "./exchange-filters";

/** One request and its response: from the parsed head to the last byte. Reused; `generation` tells its lives apart. */
export class Exchange extends ExchangeFilters implements RouteInput {
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
    this.trailers = head.trailers;
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
    this.route = route;
    this.span = this.config.tracing?.begin(this.headers, this.context.runtime.random);
    this.chain = route?.filters ?? this.config.filters;
    if (route?.action.kind === "forward") {
      // Chosen before the filters run, as a share may have filters of its own.
      const share = route.action.clusters.choose(this.headers, this.context.runtime.random);
      this.share = share;
      if (share.filters !== undefined) this.chain = share.filters;
    }
    this.armStreamDeadline(route?.action);
    this.armReceiving();
    if (this.chain.request.length === 0) return this.act();
    this.runFilters();
  }

  get started(): boolean {
    return this.state !== State.New;
  }

  /** Edge rules. False when the request was answered here. */
  private accept(): boolean {
    const { headers, config, options } = this;
    const { transport } = this.downstream;
    removeHopByHop(headers, options, config.trailers);
    this.closeAfter = options.close || this.minor === 0 || this.downstream.lastRequest();
    this.scheme = config.scheme || (transport.secure ? "https" : "http");
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
    this.clientIp = markRequest(headers, transport, config);
    return true;
  }

  private refuse(details: string): false {
    this.closeAfter = true;
    this.reply(400, "Bad Request", Flag.DownstreamProtocolError, details);
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
    if (config.stripPort) {
      const bare = authority.replace(/:\d+$/, "");
      if (bare !== authority) headers.set(H.Host, (authority = bare));
    }
    this.authority = authority;
    const normal = normalPath(target, config);
    if (normal === undefined) return this.refuse("path_normalization_failed");
    if (normal.redirect) {
      this.redirect(307, normal.path, "path_normalization_redirect");
      return false;
    }
    this.setTarget(normal.path);
    return true;
  }

  private redirect(status: number, location: string, details: string): void {
    this.reply(status, "", Flag.None, details, [{ name: "location", value: location, action: "overwrite" }]);
  }

  protected override setTarget(target: string): void {
    const mark = target.indexOf("?");
    this.path = target;
    this.pathname = mark < 0 ? target : target.slice(0, mark);
    this.query = mark < 0 ? "" : target.slice(mark + 1);
    this.forwardTarget = target;
  }

  protected override act(): void {
    const { route } = this;
    if (route === undefined) {
      this.config.stats.no_route++;
      return this.reply(404, "", Flag.NoRouteFound, "route_not_found");
    }
    const { action } = route;
    if (action.kind === "direct") {
      const { status, body } = action;
      if (status === 400) this.closeAfter = true;
      // As Envoy: what was made, or moved, is found where it was asked for.
      const points = status === 201 || (status >= 300 && status < 400);
      const location = `${this.scheme}://${this.authority}${this.path}`;
      const extra = points ? [{ name: "location", value: location, action: "overwrite" } as const] : [];
      return this.reply(status, body, Flag.None, "direct_response", extra);
    }
    if (action.kind === "redirect")
      return this.redirect(action.status, redirectLocation(action, this), "direct_response");
    const share = this.share as WeightedCluster;
    const cluster = this.context.clusterMap.get(share.name);
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
    this.retriesLeft = action.retry?.numRetries ?? 0;
    if (this.awaitsContinue) {
      this.awaitsContinue = false;
      this.downstream.sendContinue();
    }
    this.prepareRequest(action, share.headers ?? route.headers, share.hostRewrite);
    this.retry = policyFor(action.retry, this);
    const mirrors = this.requestComplete && action.mirrors.length > 0;
    if (mirrors) this.sendMirrors();
    this.startTry(false);
    if (this.requestComplete) this.armRequestDeadline();
  }

  private prepareRequest(action: ForwardAction, rules: HeaderRules | undefined, hostRewrite = ""): void {
    const { headers } = this;
    const perTry = action.retry?.perTryTimeout ?? 0;
    const expected = perTry > 0 && (action.timeout === 0 || perTry < action.timeout) ? perTry : action.timeout;
    const { suppressEnvoyHeaders } = this.config;
    if (expected > 0 && !suppressEnvoyHeaders) headers.set(H.XEnvoyExpectedRqTimeoutMs, String(Math.round(expected)));
    if (rules !== undefined) mutate(headers, rules.request, this);
    if (action.rewrite !== undefined) {
      if (!suppressEnvoyHeaders) headers.set(H.XEnvoyOriginalPath, this.forwardTarget);
      this.forwardTarget = action.rewrite.apply(this.forwardTarget);
    }
    const host = hostRewrite === "" ? action.hostRewrite : hostRewrite;
    if (host !== "") this.rewriteHost(host);
    else if (action.hostRewriteHeader !== "") {
      const named = headers.lookup(action.hostRewriteHeader);
      if (named !== undefined && validAuthority(named)) this.rewriteHost(named);
    }
    if (this.upgrade !== "") {
      headers.add(H.Connection, "connection", "upgrade");
      headers.add(H.Upgrade, "upgrade", this.upgrade);
    } else if (this.framing === Framing.Chunked) headers.set(H.TransferEncoding, "chunked");
    if (this.span !== undefined) this.config.tracing?.inject(this.span, headers);
    this.requestText = requestHead(this.method, this.forwardTarget, headers);
  }

  protected override recycle(context: HttpContext): void {
    context.giveExchange(this);
  }
}
