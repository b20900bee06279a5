import { HeaderList } from "../core/header-list";
import type { PeerIdentity } from "../core/security";
import type { Span } from "../core/span";
import type { RequestRecord } from "../core/view";
import { Framing } from "../http1/parser";
import type { ForwardAction, WeightedCluster } from "../routing/action";
import { type RetryPolicy } from "../routing/retry-policy";
import type { Route } from "../routing/route";
import type { Cluster } from "../upstream/cluster";
import type { UpstreamConnection } from "../upstream/connection";
import type { Host } from "../upstream/host";
import type { HttpConfig } from "./config";
import type { HttpContext } from "./context";
import type { DownstreamConnection } from "./downstream";
import { type ConnectionOptions } from "./hop-by-hop";

/** What an exchange is doing. */
export const enum State {
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

export const noHeaders = new HeaderList();

/** All that one exchange keeps between events, as logs and metrics see it when it ends. */
export abstract class ExchangeRecord implements RequestRecord {
  generation = 0;
  readonly responseHeaders = new HeaderList();
  protected state: State = State.Free;

  protected downstream!: DownstreamConnection;
  protected context!: HttpContext;
  protected config!: HttpConfig;
  protected framing: Framing = Framing.None;
  protected readonly options: ConnectionOptions = { close: false, upgrade: false, forbidden: false };
  method = "";
  scheme = "http";
  authority = "";
  path = "";
  pathname = "";
  query = "";
  headers: HeaderList = noHeaders;
  /** Of the request; complete when the request is. */
  protected trailers: HeaderList = noHeaders;
  /** The end of a chunked request where it has trailers that may be forwarded. */
  protected requestTail = "";
  protected original = "";
  protected forwardTarget = "";
  protected minor = 1;
  protected upgrade = "";

  protected route: Route | undefined;
  /** The route's share that was chosen, where it has several. */
  protected share: WeightedCluster | undefined;
  protected action: ForwardAction | undefined;
  protected retry: RetryPolicy | undefined;
  cluster: Cluster | undefined;
  upstreamHost: Host | undefined;
  upstreamPeer: PeerIdentity | undefined;
  span: Span | undefined;
  protected tried: Host[] = [];
  /** The route's hash policies found something to hash. */
  protected hasHash = false;
  /** `set-cookie` lines for the response. */
  protected readonly newCookies: string[] = [];
  protected retriesLeft = 0;
  protected retries = 0;
  protected staleRetried = false;
  protected holdsRetry = false;

  protected requestComplete = false;
  protected requestText = "";
  /** Pieces of the body not yet sent, or kept for another try. */
  protected held: (string | Buffer)[] = [];
  protected heldBytes = 0;
  /** All of the body so far is in `held`, so another try can begin. */
  protected heldInFull = true;
  protected connection: UpstreamConnection | null = null;
  protected upstreamOut = "";

  protected downstreamOut = "";
  /** A circuit breaker refused it: the answer says so. */
  protected overloaded = false;
  protected responseChunked = false;
  protected responseDone = false;
  protected responded = false;
  protected closeAfter = false;
  protected awaitsContinue = false;

  status = 0;
  flags = 0;
  details = "";
  attempts = 0;
  startedAt = 0;
  protected startedTick = 0;
  protected tryTick = 0;
  /** When a try last moved bytes, where its policy limits its silence. */
  protected tryActivity = 0;
  durationMs = 0;
  upstreamMs = -1;
  requestBytes = 0;
  responseBytes = 0;

  /** Every field as it is before a life. */
  protected release(): void {
    this.state = State.Free;
    this.headers = this.trailers = noHeaders;
    this.requestTail = "";
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
    this.share = undefined;
    this.action = undefined;
    this.retry = undefined;
    this.cluster = undefined;
    this.upstreamHost = undefined;
    this.upstreamPeer = undefined;
    this.span = undefined;
    this.hasHash = false;
    if (this.newCookies.length > 0) this.newCookies.length = 0;
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
