import type { Runtime } from "../../core/runtime";
import type { ClusterStats } from "../../core/stats";
import { TimerEntry } from "../../core/wheel";
import type { OutlierConfig, RateConfig } from "../config";
import type { Host } from "../host";
import type { Tally } from "./host-record";

/** What outlier detection needs of its cluster. */
export interface OutlierSubject {
  readonly hosts: readonly Host[];
  readonly stats: ClusterStats;
  /** A host was ejected or came back. */
  onHealthChanged(): void;
}

/** Why a host is ejected, as Envoy's counters name it. */
type Reason =
  | "consecutive_5xx"
  | "consecutive_gateway_failure"
  | "consecutive_local_origin_failure"
  | "success_rate"
  | "local_origin_success_rate"
  | "failure_percentage"
  | "local_origin_failure_percentage";

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

  /**
   * One response, or its lack told as the status that a client would see (503, 504). `answered`: the host itself said it;
   * otherwise it was not reached, or did not answer in time.
   */
  onResult(host: Host, status: number, answered: boolean): void {
    const { config } = this;
    const { record } = host;
    if (config.splitLocalOrigin) {
      record.localOrigin.count(answered);
      if (!answered) {
        if (++record.consecutiveLocalOriginFailure === config.consecutiveLocalOriginFailure) {
          record.consecutiveLocalOriginFailure = 0;
          this.eject(host, "consecutive_local_origin_failure", config.enforcingConsecutiveLocalOriginFailure);
        }
        return;
      }
      record.consecutiveLocalOriginFailure = 0;
    }
    record.answers.count(status < 500);
    if (status < 500) {
      record.consecutive5xx = record.consecutiveGatewayFailure = 0;
      return;
    }
    if (status >= 502 && status <= 504) {
      if (++record.consecutiveGatewayFailure === config.consecutiveGatewayFailure) {
        record.consecutiveGatewayFailure = 0;
        this.eject(host, "consecutive_gateway_failure", config.enforcingConsecutiveGatewayFailure);
      }
    } else record.consecutiveGatewayFailure = 0;
    if (++record.consecutive5xx === config.consecutive5xx) {
      record.consecutive5xx = 0;
      this.eject(host, "consecutive_5xx", config.enforcingConsecutive5xx);
    }
  }

  private eject(host: Host, reason: Reason, enforcing: number): void {
    const { stats, hosts } = this.subject;
    stats[`outlier_detection_ejections_detected_${reason}`]++;
    stats.outlier_detection_ejections_total++;
    const { record } = host;
    if (record.ejected || host.removed) return;
    let active = 0;
    for (const h of hosts) if (h.ejected) active++;
    if (((active + 1) * 100) / hosts.length > this.config.maxEjectionPercent) {
      stats.outlier_detection_ejections_overflow++;
      return;
    }
    if (enforcing < 100 && this.runtime.random.below(100) >= enforcing) return;
    const { maxEjectionTimeJitter } = this.config;
    record.ejected = true;
    record.ejectedAt = this.runtime.clock.now();
    record.jitter = maxEjectionTimeJitter > 0 ? this.runtime.random.below(maxEjectionTimeJitter + 1) : 0;
    record.ejections++;
    stats.outlier_detection_ejections_active++;
    stats.outlier_detection_ejections_enforced_total++;
    stats[`outlier_detection_ejections_enforced_${reason}`]++;
    this.subject.onHealthChanged();
  }

  /** The sweep: brings back who was out long enough, then judges the rates of the interval. */
  fire(): void {
    const now = this.runtime.clock.now();
    let changed = false;
    for (const host of this.subject.hosts) {
      const { record } = host;
      if (!record.ejected) {
        if (record.ejections > 0) record.ejections--;
        continue;
      }
      // A host stays out for base × the number of its ejections, at most the maximum.
      const { baseEjectionTime, maxEjectionTime } = this.config;
      const out = Math.min(baseEjectionTime * record.ejections, maxEjectionTime) + record.jitter;
      if (now - record.ejectedAt >= out) {
        this.readmit(host);
        changed = true;
      }
    }
    this.judgeRates();
    if (changed) this.subject.onHealthChanged();
    this.runtime.slowWheel.start(this, this.config.interval);
  }

  private judgeRates(): void {
    const { successRate, failurePercentage, splitLocalOrigin } = this.config;
    const { hosts } = this.subject;
    this.bySuccessRate((host) => host.record.answers, "success_rate", successRate.enforcing);
    this.byFailurePercentage((host) => host.record.answers, "failure_percentage", failurePercentage.enforcing);
    if (splitLocalOrigin) {
      const local = (host: Host): Tally => host.record.localOrigin;
      this.bySuccessRate(local, "local_origin_success_rate", successRate.enforcingLocalOrigin);
      this.byFailurePercentage(local, "local_origin_failure_percentage", failurePercentage.enforcingLocalOrigin);
    }
    for (const { record } of hosts) {
      record.answers.reset();
      record.localOrigin.reset();
    }
  }

  /** Ejects who succeeds much less often than the others: by more than so many standard deviations below the mean. */
  private bySuccessRate(tally: (host: Host) => Tally, reason: Reason, enforcing: number): void {
    const { successRate } = this.config;
    const judged = this.judged(tally, successRate);
    const rates = judged.map((host) => tally(host).rate);
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    const variance = rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / rates.length;
    const threshold = mean - Math.sqrt(variance) * (successRate.stdevFactor / 1000);
    judged.forEach((host, i) => {
      if ((rates[i] as number) < threshold) this.eject(host, reason, enforcing);
    });
  }

  private byFailurePercentage(tally: (host: Host) => Tally, reason: Reason, enforcing: number): void {
    const { failurePercentage } = this.config;
    for (const host of this.judged(tally, failurePercentage))
      if (100 - tally(host).rate >= failurePercentage.threshold) this.eject(host, reason, enforcing);
  }

  /** Hosts with enough requests, if there are enough of them. */
  private judged(tally: (host: Host) => Tally, { minimumHosts, requestVolume }: RateConfig): readonly Host[] {
    const enough = this.subject.hosts.filter((host) => {
      const { total } = tally(host);
      return !host.ejected && total > 0 && total >= requestVolume;
    });
    return enough.length >= minimumHosts ? enough : [];
  }

  readmit(host: Host): void {
    const { record } = host;
    if (!record.ejected) return;
    record.ejected = false;
    record.clearConsecutive();
    this.subject.stats.outlier_detection_ejections_active--;
  }
}
