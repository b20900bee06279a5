import type { HeaderList } from "../core/header-list";
import type { ResponseParser } from "../http1/response-parser";
import { ResetReason } from "../routing/retry-policy";
import type { Cluster } from "./cluster";
import type { UpstreamConnection } from "./connection";
import type { Host } from "./host";

/** Gets what one try yields. All calls are synchronous; after `onReset` or the end of the response nothing follows. */
export interface AttemptOwner {
  /** Takes the fields of the response's head. */
  readonly responseHeaders: HeaderList;
  /** A connection is there: write the request. */
  onReady(connection: UpstreamConnection): void;
  onResponseHead(response: ResponseParser): void;
  onResponseData(data: Buffer, start: number, end: number): void;
  /** `tail`: the end of a chunked body where it has trailers; empty without. */
  onResponseEnd(tail: string): void;
  /** All that one read gave has been told: now is the time to write. */
  onResponseFlush(): void;
  onReset(reason: ResetReason, detail: string): void;
  /** What was written to the upstream has left. */
  onUpstreamDrain(): void;
}

const enum State {
  Idle,
  Pending,
  Running,
}

/**
 * One try of a request at one host. It is reused from try to try; it is linked to at most one pool queue or connection,
 * and unlinked in the same turn in which it ends, so nothing late can reach the next try.
 */
export class Attempt {
  cluster: Cluster | undefined;
  host: Host | undefined;
  connection: UpstreamConnection | null = null;
  method = "";
  /** A response head was told. */
  responded = false;
  /** A connection of its own, because the last one was closed by the peer as we used it. */
  fresh = false;
  private startedAt = 0;
  private state: State = State.Idle;

  constructor(readonly owner: AttemptOwner) {}

  get running(): boolean {
    return this.state !== State.Idle;
  }

  /** Starts a try: counts it, and asks the host's pool for a connection. May end, by `onReset`, before it returns. */
  begin(cluster: Cluster, host: Host, method: string, now: number, fresh: boolean): void {
    this.cluster = cluster;
    this.host = host;
    this.method = method;
    this.responded = false;
    this.fresh = fresh;
    this.startedAt = now;
    this.state = State.Pending;
    host.pool.acquire(this);
  }

  /** From the pool: the try has its connection. */
  ready(connection: UpstreamConnection): void {
    this.state = State.Running;
    this.connection = connection;
    const { stats } = this.cluster as Cluster;
    const host = this.host as Host;
    stats.upstream_rq_total++;
    stats.upstream_rq_active++;
    host.stats.rq_total++;
    host.stats.rq_active++;
    this.owner.onReady(connection);
  }

  onHead(response: ResponseParser, now: number): void {
    this.responded = true;
    this.settle(response.status, now - this.startedAt, now, true);
    this.owner.onResponseHead(response);
  }

  /** The response is complete: from the connection, which is free again or closing. */
  complete(): void {
    this.unlink();
  }

  /** The try failed without a whole response. */
  reset(reason: ResetReason, detail: string): void {
    const { stats } = this.cluster as Cluster;
    const now = (this.cluster as Cluster).runtime.clock.now();
    if (!this.responded && reason !== ResetReason.Overflow) {
      // An error is never a fast answer: it counts as if it had taken as long as a request may.
      this.settle(503, Math.max(now - this.startedAt, failureLatency), now, false);
    }
    if (this.state === State.Running) stats.upstream_rq_rx_reset++;
    this.unlink();
    this.owner.onReset(reason, detail);
  }

  /** The owner gives the try up. `status`: how it counts for the host; 0: it does not (the client went away). */
  cancel(status: number): void {
    if (this.state === State.Idle) return;
    const cluster = this.cluster as Cluster;
    const now = cluster.runtime.clock.now();
    if (status !== 0 && !this.responded)
      this.settle(status, Math.max(now - this.startedAt, failureLatency), now, false);
    if (this.state === State.Pending) {
      cluster.stats.upstream_rq_cancelled++;
      (this.host as Host).pool.forget(this);
      this.unlink();
      return;
    }
    const { connection } = this;
    cluster.stats.upstream_rq_tx_reset++;
    this.unlink();
    connection?.abandon();
  }

  /** The response is not wanted: from within `onResponseHead`. The connection lives on if all of it came in one piece. */
  discard(): void {
    this.unlink();
  }

  /** A try that timed out, for the host's counters. */
  countTimeout(): void {
    if (this.state === State.Running) (this.host as Host).stats.rq_timeout++;
  }

  private settle(status: number, latencyMs: number, now: number, answered: boolean): void {
    const host = this.host as Host;
    const { stats } = this.cluster as Cluster;
    if (status >= 500) {
      stats.upstream_rq_5xx++;
      host.stats.rq_error++;
    } else {
      host.stats.rq_success++;
      if (status >= 400) stats.upstream_rq_4xx++;
      else if (status >= 300) stats.upstream_rq_3xx++;
      else if (status >= 200) stats.upstream_rq_2xx++;
      else stats.upstream_rq_1xx++;
    }
    stats.upstream_rq_completed++;
    (this.cluster as Cluster).onResult(host, status, latencyMs, now, answered);
  }

  private unlink(): void {
    if (this.state === State.Running) {
      (this.cluster as Cluster).stats.upstream_rq_active--;
      (this.host as Host).stats.rq_active--;
    }
    this.state = State.Idle;
    if (this.connection !== null) this.connection.attempt = null;
    this.connection = null;
  }
}

/** Milliseconds that a failure counts for in latency averages, at least. */
const failureLatency = 1000;
