import type { Random } from "../core/random";
import type { Balancer, Candidate } from "./policy";

/** Of `choices` hosts drawn at random the one with the fewest requests in flight for its weight. */
export class LeastRequest<T extends Candidate> implements Balancer<T> {
  readonly observesLatency = false;
  constructor(private readonly choices: number) {}

  pick(hosts: readonly T[], random: Random): T {
    let best = hosts[random.below(hosts.length)] as T;
    for (let i = 1; i < this.choices; i++) {
      const other = hosts[random.below(hosts.length)] as T;
      // (a+1)/wa < (b+1)/wb without a division.
      if ((other.active + 1) * best.weight < (best.active + 1) * other.weight) best = other;
    }
    return best;
  }
}
