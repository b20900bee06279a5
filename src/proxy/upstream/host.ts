import type { LatencyAverage } from "../balancing/peak-ewma";
import type { Candidate } from "../balancing/policy";
import { HostStats } from "../core/stats";
import type { HostView } from "../core/view";
import type { Http1Pool } from "./pool-h1";

/** One upstream address of a cluster, and all that is known of it. It outlives configurations that still name it. */
export class Host implements Candidate, HostView {
  readonly stats = new HostStats();
  weight: number;
  pool!: Http1Pool;
  latency: LatencyAverage | undefined;
  /** Gone from the configuration: requests in flight end here, new ones do not come. */
  removed = false;

  /** Outlier detection's state; see resilience/outlier. */
  ejected = false;
  ejectedAt = 0;
  ejections = 0;
  consecutive5xx = 0;
  consecutiveGatewayFailure = 0;

  constructor(
    readonly address: string,
    readonly port: number,
    weight: number,
  ) {
    this.weight = weight;
  }

  get active(): number {
    return this.stats.rq_active;
  }

  latencyAt(now: number): number {
    return this.latency === undefined ? 0 : this.latency.at(now);
  }

  get healthFlags(): string {
    return this.ejected ? "/failed_outlier_check" : "healthy";
  }
}
