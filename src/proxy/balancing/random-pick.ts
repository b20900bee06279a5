import type { Random } from "../core/random";
import type { Balancer, Candidate, HostSource } from "./policy";

/** Uniform chance; weights do not count, as in Envoy's RANDOM. */
export class RandomPick<T extends Candidate> implements Balancer<T> {
  pick({ hosts }: HostSource<T>, random: Random): T {
    return hosts[random.below(hosts.length)] as T;
  }
}
