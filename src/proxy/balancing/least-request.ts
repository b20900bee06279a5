import type { Random } from "../core/random";
import { EarliestDeadline } from "./earliest-deadline";
import type { Balancer, Candidate, HostSource } from "./policy";
import { sameWeights } from "./round-robin";

/**
 * Of `choices` hosts drawn at random the one with the fewest requests in flight. Where weights differ, in turn by
 * weight / (requests in flight + 1)^bias, as in Envoy.
 */
export class LeastRequest<T extends Candidate> implements Balancer<T> {
  private seen: HostSource<T> | undefined;
  private schedule: EarliestDeadline | undefined;

  constructor(
    private readonly choices: number,
    private readonly bias: number,
  ) {}

  pick(source: HostSource<T>, random: Random): T {
    const { hosts } = source;
    if (this.seen !== source) {
      this.seen = source;
      this.schedule = sameWeights(hosts)
        ? undefined
        : new EarliestDeadline(hosts.map((host) => this.effectiveWeight(host)));
    }
    const { schedule } = this;
    if (schedule !== undefined) {
      const host = hosts[schedule.first] as T;
      schedule.advance(this.effectiveWeight(host));
      return host;
    }
    let best = hosts[random.below(hosts.length)] as T;
    for (let i = 1; i < this.choices; i++) {
      const other = hosts[random.below(hosts.length)] as T;
      if (other.active < best.active) best = other;
    }
    return best;
  }

  private effectiveWeight(host: T): number {
    if (this.bias === 0) return host.weight;
    if (this.bias === 1) return host.weight / (host.active + 1);
    return host.weight / (host.active + 1) ** this.bias;
  }
}
