import type { Random } from "../core/random";
import type { Balancer, Candidate, HostSource } from "./policy";

/** Of two hosts drawn at random the one with the lower cost: decayed latency × (requests in flight + 1) / weight. */
export class PeakEwma<T extends Candidate> implements Balancer<T> {
  pick({ hosts }: HostSource<T>, random: Random, now: number): T {
    const n = hosts.length;
    if (n === 1) return hosts[0] as T;
    const i = random.below(n);
    let j = random.below(n - 1);
    if (j >= i) j++;
    const a = hosts[i] as T;
    const b = hosts[j] as T;
    return cost(a, now) <= cost(b, now) ? a : b;
  }
}

function cost(host: Candidate, now: number): number {
  return (host.latencyAt(now) * (host.active + 1)) / host.weight;
}

/**
 * A latency average that jumps up at once and comes down with time: a peak is taken as it is, what is below moves the
 * average by how long ago the last observation was.
 */
export class LatencyAverage {
  private value: number;
  private stamp: number;

  constructor(
    private readonly decayMs: number,
    initial: number,
    now: number,
  ) {
    this.value = initial;
    this.stamp = now;
  }

  observe(latency: number, now: number): void {
    if (latency >= this.value) this.value = latency;
    else {
      const keep = Math.exp(-Math.max(0, now - this.stamp) / this.decayMs);
      this.value = this.value * keep + latency * (1 - keep);
    }
    this.stamp = now;
  }

  /** The average now: without observations it fades, so that a host that was slow is tried again. */
  at(now: number): number {
    return this.value * Math.exp(-Math.max(0, now - this.stamp) / this.decayMs);
  }
}
