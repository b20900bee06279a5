import type { Health, Member } from "../balancing/levels";
import type { LatencyAverage } from "../balancing/peak-ewma";
import { HostStats } from "../core/stats";
import type { HostView } from "../core/view";
import type { EndpointConfig } from "./config";
import type { Http1Pool } from "./pool-h1";
import { HostRecord } from "./resilience/host-record";

/** One upstream address of a cluster, and all that is known of it. It outlives configurations that still name it. */
export class Host implements Member, HostView {
  readonly stats = new HostStats();
  pool!: Http1Pool;
  latency: LatencyAverage | undefined;
  /** Gone from the configuration: requests in flight end here, new ones do not come. */
  removed = false;
  /** Active health checks say that it is unhealthy. */
  failedCheck = false;
  /** Outlier detection's memory of it. */
  readonly record = new HostRecord();
  weight = 1;
  priority = 0;
  locality = "";
  localityWeight = 0;
  hashKey = "";
  /** Where its health is asked for. */
  checkPort = 0;
  checkHostname = "";
  private told: Health = "healthy";
  private place: EndpointConfig;

  constructor(
    public address: string,
    readonly port: number,
    endpoint: EndpointConfig,
    byHostname: boolean,
  ) {
    this.place = endpoint;
    this.configure(endpoint, byHostname);
  }

  /** Takes its configuration over. True when its weight changed. */
  configure(endpoint: EndpointConfig, byHostname: boolean): boolean {
    const before = this.weight;
    const { locality } = endpoint;
    this.place = endpoint;
    this.weight = endpoint.weight;
    this.priority = endpoint.priority ?? 0;
    this.locality = locality === undefined ? "" : `${locality.region}/${locality.zone}/${locality.subZone}`;
    this.localityWeight = locality?.weight ?? 0;
    this.told = endpoint.health ?? "healthy";
    const address = this.address.includes(":") ? `[${this.address}]` : this.address;
    this.hashKey = endpoint.hashKey ?? (byHostname ? (endpoint.hostname ?? "") : `${address}:${this.port}`);
    this.checkPort = endpoint.healthCheck?.port || this.port;
    this.checkHostname = endpoint.healthCheck?.hostname || (endpoint.hostname ?? "");
    return before !== this.weight;
  }

  get active(): number {
    return this.stats.rq_active;
  }

  get ejected(): boolean {
    return this.record.ejected;
  }

  get hostname(): string {
    return this.place.hostname ?? "";
  }

  get region(): string {
    return this.place.locality?.region ?? "";
  }
  get zone(): string {
    return this.place.locality?.zone ?? "";
  }
  get subZone(): string {
    return this.place.locality?.subZone ?? "";
  }

  get health(): Health {
    return this.failedCheck || this.ejected ? "unhealthy" : this.told;
  }

  latencyAt(now: number): number {
    return this.latency === undefined ? 0 : this.latency.at(now);
  }

  get healthFlags(): string {
    const flags =
      (this.failedCheck ? "/failed_active_hc" : "") +
      (this.ejected ? "/failed_outlier_check" : "") +
      (this.told === "unhealthy" ? "/failed_eds_health" : "") +
      (this.told === "degraded" ? "/degraded_eds_health" : "");
    return flags === "" ? "healthy" : flags;
  }
}
