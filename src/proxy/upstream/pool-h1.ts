import { ResetReason } from "../routing/retry-policy";
import type { Attempt } from "./attempt";
import type { Cluster } from "./cluster";
import { UpstreamConnection } from "./connection";
import type { Host } from "./host";

/** The HTTP/1.1 connections to one host: idle ones as a stack, tries that wait for one as a queue. */
export class Http1Pool {
  private readonly idle: UpstreamConnection[] = [];
  private readonly waiting: Attempt[] = [];
  private connecting = 0;
  private open = 0;

  constructor(
    readonly cluster: Cluster,
    readonly host: Host,
  ) {}

  /** Gives `attempt` a connection now or later, or fails it when a circuit breaker is open. */
  acquire(attempt: Attempt): void {
    const { cluster } = this;
    const { stats, config } = cluster;
    if (!attempt.fresh) {
      for (let connection = this.idle.pop(); connection !== undefined; connection = this.idle.pop()) {
        if (!connection.usable()) {
          connection.close();
          continue;
        }
        if (stats.upstream_rq_active >= config.limits.maxRequests) {
          this.idle.push(connection);
          stats.upstream_rq_pending_overflow++;
          return attempt.reset(ResetReason.Overflow, "overflow");
        }
        connection.assign(attempt);
        return;
      }
    }
    if (stats.upstream_rq_pending_active >= config.limits.maxPendingRequests) {
      stats.upstream_rq_pending_overflow++;
      return attempt.reset(ResetReason.Overflow, "overflow");
    }
    stats.upstream_rq_pending_total++;
    stats.upstream_rq_pending_active++;
    this.waiting.push(attempt);
    this.grow();
  }

  /** A waiting try was given up. */
  forget(attempt: Attempt): void {
    const at = this.waiting.indexOf(attempt);
    if (at < 0) return;
    this.waiting.splice(at, 1);
    this.cluster.stats.upstream_rq_pending_active--;
  }

  /** Connects if more tries wait than connections are on their way, and the breaker allows it. */
  private grow(): void {
    if (this.waiting.length <= this.connecting) return;
    const { stats, config } = this.cluster;
    // As in Envoy a host without any connection may always open one, or what waits here could never be served.
    const { maxConnections, maxConnectionsPerHost = Infinity } = config.limits;
    if (this.open > 0 && (stats.upstream_cx_active >= maxConnections || this.open >= maxConnectionsPerHost)) {
      stats.upstream_cx_overflow++;
      return;
    }
    this.open++;
    this.connecting++;
    this.cluster.runtime.upstreams?.take();
    stats.upstream_cx_total++;
    stats.upstream_cx_active++;
    this.host.stats.cx_total++;
    this.host.stats.cx_active++;
    new UpstreamConnection(this).connect();
  }

  /** A connection stands, or has finished its request: serve who waits, or keep it. */
  release(connection: UpstreamConnection): void {
    const { stats, config } = this.cluster;
    if (!connection.usable()) return connection.close();
    while (this.waiting.length > 0) {
      const attempt = this.waiting.shift() as Attempt;
      stats.upstream_rq_pending_active--;
      if (stats.upstream_rq_active >= config.limits.maxRequests) {
        stats.upstream_rq_pending_overflow++;
        attempt.reset(ResetReason.Overflow, "overflow");
        continue;
      }
      connection.assign(attempt);
      return;
    }
    this.idle.push(connection);
    connection.rest();
  }

  onConnected(connection: UpstreamConnection): void {
    this.connecting--;
    this.release(connection);
  }

  /** A connection could not be made: the tries that waited for it fail; each may be retried elsewhere. */
  onConnectFailed(timedOut: boolean, detail: string): void {
    const { stats } = this.cluster;
    this.connecting--;
    stats.upstream_cx_connect_fail++;
    this.host.stats.cx_connect_fail++;
    if (timedOut) stats.upstream_cx_connect_timeout++;
    this.lost();
    const failed = this.waiting.splice(0);
    stats.upstream_rq_pending_active -= failed.length;
    stats.upstream_rq_pending_failure_eject += failed.length;
    for (const attempt of failed) attempt.reset(ResetReason.ConnectionFailure, detail);
  }

  /** A connection that stood is gone. */
  onClosed(connection: UpstreamConnection): void {
    const at = this.idle.indexOf(connection);
    if (at >= 0) this.idle.splice(at, 1);
    this.lost();
    this.grow();
  }

  private lost(): void {
    const { stats, runtime } = this.cluster;
    this.open--;
    runtime.upstreams?.give();
    stats.upstream_cx_active--;
    stats.upstream_cx_destroy++;
    this.host.stats.cx_active--;
  }

  /** Closes the connection that was idle longest. False where none is. */
  shed(): boolean {
    const longest = this.idle.shift();
    longest?.close();
    return longest !== undefined;
  }

  /** No connection of now takes another request; idle ones close at once. */
  retire(): void {
    this.epoch++;
    for (const connection of this.idle.splice(0)) connection.close();
  }

  /** Rises with `retire`: connections of an older epoch close when they are free. */
  epoch = 0;
}
