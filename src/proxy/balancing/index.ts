import { LeastRequest } from "./least-request";
import { PeakEwma } from "./peak-ewma";
import type { Balancer, BalancerSpec, Candidate } from "./policy";
import { RandomPick } from "./random-pick";
import { RoundRobin } from "./round-robin";

export function balancer<T extends Candidate>(spec: BalancerSpec): Balancer<T> {
  switch (spec.kind) {
    case "round_robin":
      return new RoundRobin<T>();
    case "random":
      return new RandomPick<T>();
    case "least_request":
      return new LeastRequest<T>(spec.choices);
    case "peak_ewma":
      return new PeakEwma<T>();
  }
}
