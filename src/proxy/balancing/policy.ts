import type { Random } from "../core/random";

/** What a policy sees of a host. */
export interface Candidate {
  /** At least 1. */
  readonly weight: number;
  /** Requests in flight, from this proxy. */
  readonly active: number;
  /** Decayed latency in milliseconds at `now`; only kept where the policy asks for it. */
  latencyAt(now: number): number;
}

/** Picks one of the hosts that may be picked; `hosts` is never empty. One object a cluster, with its own state. */
export interface Balancer<T extends Candidate = Candidate> {
  /** True when hosts must observe latencies for it. */
  readonly observesLatency: boolean;
  pick(hosts: readonly T[], random: Random, now: number): T;
}

/** Envoy's load-balancing policies that are supported, with their settings. */
export type BalancerSpec =
  | { readonly kind: "round_robin" }
  | { readonly kind: "random" }
  | { readonly kind: "least_request"; readonly choices: number }
  | { readonly kind: "peak_ewma"; readonly decayMs: number };
