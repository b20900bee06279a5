import { LeastRequest } from "./least-request";
import { Maglev } from "./maglev";
import { PeakEwma } from "./peak-ewma";
import type { Balancer, BalancerSpec, Candidate } from "./policy";
import { RandomPick } from "./random-pick";
import { RingHash } from "./ring-hash";
import { RoundRobin } from "./round-robin";

export function balancer<T extends Candidate>(spec: BalancerSpec): Balancer<T> {
  switch (spec.kind) {
    case "round_robin":
      return new RoundRobin<T>();
    case "random":
      return new RandomPick<T>();
    case "least_request":
      return new LeastRequest<T>(spec.choices, spec.activeRequestBias);
    case "peak_ewma":
      return new PeakEwma<T>();
    case "ring_hash":
      return new RingHash<T>(spec.hash, spec.minimumSize, spec.maximumSize);
    case "maglev":
      return new Maglev<T>(spec.tableSize);
  }
}
