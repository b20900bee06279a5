import type { Random } from "../core/random";
import { EarliestDeadline } from "./earliest-deadline";
import type { Balancer, Candidate, HostSource } from "./policy";

/** In turn; by weight where weights differ, spread evenly. */
export class RoundRobin<T extends Candidate> implements Balancer<T> {
  private turn = -1;
  private seen: HostSource<T> | undefined;
  private schedule: EarliestDeadline | undefined;

  pick(source: HostSource<T>, random: Random): T {
    const { hosts } = source;
    if (this.seen !== source) this.renew(source, random);
    const { schedule } = this;
    if (schedule === undefined) {
      this.turn = this.turn + 1 >= hosts.length ? 0 : this.turn + 1;
      return hosts[this.turn] as T;
    }
    const host = hosts[schedule.first] as T;
    schedule.advance(host.weight);
    return host;
  }

  private renew(source: HostSource<T>, random: Random): void {
    const { hosts } = source;
    this.seen = source;
    // Proxies that start together must not all begin with the same host.
    if (this.turn < 0) this.turn = random.below(hosts.length) - 1;
    this.schedule = undefined;
    if (sameWeights(hosts)) return;
    const schedule = (this.schedule = new EarliestDeadline(hosts.map((host) => host.weight)));
    for (let skip = random.below(hosts.length); skip > 0; skip--) schedule.advance((hosts[schedule.first] as T).weight);
  }
}

export function sameWeights(hosts: readonly Candidate[]): boolean {
  const weight = (hosts[0] as Candidate).weight;
  return hosts.every((host) => host.weight === weight);
}
