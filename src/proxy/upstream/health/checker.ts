import type { Runtime } from "../../core/runtime";
import type { ClusterStats } from "../../core/stats";
import { TimerEntry } from "../../core/wheel";
import type { Dialer } from "../../net/transport";
import type { Host } from "../host";
import type { HealthCheckConfig } from "./config";
import { Probe, type ProbeResult } from "./probe";

/** What health checking needs of its cluster. */
export interface CheckedCluster {
  readonly name: string;
  readonly stats: ClusterStats;
  readonly dialer: Dialer;
  /** `failed_active_hc` changed somewhere. */
  onHealthChanged(): void;
  /** A host passed. */
  onCheckPassed(host: Host): void;
  /** Every host was checked once. */
  onFirstRound(): void;
}

/** Checks all hosts of a cluster, each by its own clock. */
export class HealthChecker {
  private sessions = new Map<Host, HostCheck>();
  private firstRound = true;

  constructor(
    readonly config: HealthCheckConfig,
    readonly cluster: CheckedCluster,
    readonly runtime: Runtime,
  ) {}

  /** Takes the hosts as they are: new ones are unhealthy until they pass. */
  sync(hosts: readonly Host[]): void {
    const gone = new Map(this.sessions);
    for (const host of hosts) {
      if (gone.delete(host)) continue;
      host.failedCheck = true;
      const session = new HostCheck(host, this);
      this.sessions.set(host, session);
      session.begin();
    }
    for (const [host, session] of gone) {
      session.close();
      this.sessions.delete(host);
    }
    this.count();
  }

  close(): void {
    for (const [host, session] of this.sessions) {
      session.close();
      host.failedCheck = false;
    }
    this.sessions.clear();
    this.cluster.stats.health_check_healthy = 0;
  }

  onChecked(changed: boolean): void {
    if (changed) {
      this.count();
      this.cluster.onHealthChanged();
    }
    if (!this.firstRound || [...this.sessions.values()].some((session) => session.first)) return;
    this.firstRound = false;
    this.cluster.onFirstRound();
  }

  private count(): void {
    let healthy = 0;
    for (const host of this.sessions.keys()) if (!host.failedCheck) healthy++;
    this.cluster.stats.health_check_healthy = healthy;
  }
}

/** One host's checks: at most one at a time, and then a wait. */
class HostCheck extends TimerEntry {
  /** No result yet. */
  first = true;
  private probing = false;
  private good = 0;
  private bad = 0;
  private readonly probe: Probe;

  constructor(
    private readonly host: Host,
    private readonly checker: HealthChecker,
  ) {
    super();
    const { config } = checker;
    this.probe = new Probe(config.probe, config.reuseConnection, (result) => this.onResult(result));
  }

  begin(): void {
    const { config, runtime } = this.checker;
    if (config.initialJitter > 0) runtime.wheel.start(this, runtime.random.below(Math.ceil(config.initialJitter)));
    else this.check();
  }

  close(): void {
    this.stop();
    this.probe.cancel();
  }

  fire(): void {
    if (!this.probing) return this.check();
    this.probe.cancel();
    this.onResult("unreachable");
  }

  private check(): void {
    const { cluster, config, runtime } = this.checker;
    const { host } = this;
    cluster.stats.health_check_attempt++;
    this.probing = true;
    runtime.wheel.start(this, config.timeout);
    this.probe.start({
      dialer: cluster.dialer,
      address: host.address,
      port: host.checkPort,
      authority: host.checkHostname === "" ? cluster.name : host.checkHostname,
    });
  }

  private onResult(result: ProbeResult): void {
    this.probing = false;
    const { stats } = this.checker.cluster;
    const before = this.host.failedCheck;
    if (result === "passed") {
      stats.health_check_success++;
      this.passed();
    } else {
      stats.health_check_failure++;
      if (result === "unreachable") stats.health_check_network_failure++;
      this.failed(result === "failed");
    }
    this.first = false;
    const { runtime } = this.checker;
    runtime.wheel.start(this, this.wait());
    this.checker.onChecked(this.host.failedCheck !== before);
    if (result === "passed" && !this.host.failedCheck) this.checker.cluster.onCheckPassed(this.host);
  }

  private passed(): void {
    this.bad = 0;
    // As in Envoy the first result counts at once.
    if (this.host.failedCheck && (this.first || ++this.good >= this.checker.config.healthyThreshold)) {
      this.host.failedCheck = false;
      this.good = 0;
    }
  }

  /** `answered`: not as expected. Such an answer counts at once, as in Envoy; silence counts by the threshold. */
  private failed(answered: boolean): void {
    this.good = 0;
    if (!this.host.failedCheck && (answered || ++this.bad >= this.checker.config.unhealthyThreshold)) {
      this.host.failedCheck = true;
      this.bad = 0;
    }
  }

  private wait(): number {
    const { config, runtime, cluster } = this.checker;
    let base = this.host.failedCheck ? config.unhealthyInterval : config.interval;
    if (cluster.stats.upstream_cx_total === 0) base = config.noTrafficInterval;
    const share = Math.floor((base * config.intervalJitterPercent) / 100);
    const jitter =
      (share > 0 ? runtime.random.below(share) : 0) +
      (config.intervalJitter > 0 ? runtime.random.below(Math.ceil(config.intervalJitter)) : 0);
    return Math.max(1, base + jitter);
  }
}
