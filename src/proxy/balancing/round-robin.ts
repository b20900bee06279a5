import type { Random } from "../core/random";
import type { Balancer, Candidate } from "./policy";

/**
 * In turn; by weight where weights differ, spread evenly (each turn adds a host's weight to its credit and the richest
 * host pays the total).
 */
export class RoundRobin<T extends Candidate> implements Balancer<T> {
  readonly observesLatency = false;
  private turn = -1;
  private seen: readonly T[] = [];
  private weighted = false;
  private total = 0;
  private credit: number[] = [];

  pick(hosts: readonly T[], random: Random): T {
    if (this.seen !== hosts) this.renew(hosts, random);
    if (!this.weighted) {
      this.turn = this.turn + 1 >= hosts.length ? 0 : this.turn + 1;
      return hosts[this.turn] as T;
    }
    let best = 0;
    for (let i = 0; i < hosts.length; i++) {
      this.credit[i] = (this.credit[i] as number) + (hosts[i] as T).weight;
      if ((this.credit[i] as number) > (this.credit[best] as number)) best = i;
    }
    this.credit[best] = (this.credit[best] as number) - this.total;
    return hosts[best] as T;
  }

  private renew(hosts: readonly T[], random: Random): void {
    // Proxies that start together must not all begin with the same host.
    if (this.turn < 0) this.turn = random.below(hosts.length) - 1;
    this.seen = hosts;
    this.weighted = hosts.some((h) => h.weight !== (hosts[0] as T).weight);
    this.total = hosts.reduce((sum, h) => sum + h.weight, 0);
    this.credit = hosts.map(() => 0);
  }
}
