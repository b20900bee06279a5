import type { Runtime } from "../../core/runtime";
import type { ClusterStats } from "../../core/stats";
import { TimerEntry } from "../../core/wheel";
import type { OutlierConfig } from "../config";
import type { Host } from "../host";

/** What outlier detection needs of its cluster. */
export interface OutlierSubject {
  readonly hosts: readonly Host[];
  readonly stats: ClusterStats;
  /** A host was ejected or came back. */
  onHealthChanged(): void;
}

/** Ejects hosts that keep failing, and brings them back by a sweep, as Envoy's outlier detection does. */
export class OutlierDetector extends TimerEntry {
  constructor(
    private readonly config: OutlierConfig,
    private readonly subject: OutlierSubject,
    private readonly runtime: Runtime,
  ) {
    super();
    runtime.slowWheel.start(this, config.interval);
  }

  close(): void {
    this.runtime.slowWheel.stop(this);
  }

  /** One response, or its lack told as the status that a client would see (503, 504). */
  onResult(host: Host, status: number): void {
    if (status < 500) {
      host.consecutive5xx = 0;
      host.consecutiveGatewayFailure = 0;
      return;
    }
    const { config } = this;
    const stats = this.subject.stats;
    if (status >= 502 && status <= 504) {
      if (++host.consecutiveGatewayFailure === config.consecutiveGatewayFailure) {
        host.consecutiveGatewayFailure = 0;
        stats.outlier_detection_ejections_detected_consecutive_gateway_failure++;
        if (this.eject(host, config.enforcingConsecutiveGatewayFailure))
          stats.outlier_detection_ejections_enforced_consecutive_gateway_failure++;
      }
    } else host.consecutiveGatewayFailure = 0;
    if (++host.consecutive5xx === config.consecutive5xx) {
      host.consecutive5xx = 0;
      stats.outlier_detection_ejections_detected_consecutive_5xx++;
      if (this.eject(host, config.enforcingConsecutive5xx))
        stats.outlier_detection_ejections_enforced_consecutive_5xx++;
    }
  }

  private eject(host: Host, enforcing: number): boolean {
    const { stats, hosts } = this.subject;
    stats.outlier_detection_ejections_total++;
    if (host.ejected || host.removed) return false;
    let active = 0;
    for (const h of hosts) if (h.ejected) active++;
    if (((active + 1) * 100) / hosts.length > this.config.maxEjectionPercent) {
      stats.outlier_detection_ejections_overflow++;
      return false;
    }
    if (enforcing < 100 && this.runtime.random.below(100) >= enforcing) return false;
    host.ejected = true;
    host.ejectedAt = this.runtime.clock.now();
    host.ejections++;
    stats.outlier_detection_ejections_active++;
    stats.outlier_detection_ejections_enforced_total++;
    this.subject.onHealthChanged();
    return true;
  }

  /** The sweep: a host stays out for base × the number of its ejections, at most the maximum. */
  fire(): void {
    const now = this.runtime.clock.now();
    let changed = false;
    for (const host of this.subject.hosts) {
      if (!host.ejected) {
        if (host.ejections > 0) host.ejections--;
        continue;
      }
      const { baseEjectionTime, maxEjectionTime } = this.config;
      if (now - host.ejectedAt >= Math.min(baseEjectionTime * host.ejections, maxEjectionTime)) {
        this.readmit(host);
        changed = true;
      }
    }
    if (changed) this.subject.onHealthChanged();
    this.runtime.slowWheel.start(this, this.config.interval);
  }

  readmit(host: Host): void {
    if (!host.ejected) return;
    host.ejected = false;
    host.consecutive5xx = 0;
    host.consecutiveGatewayFailure = 0;
    this.subject.stats.outlier_detection_ejections_active--;
  }
}
