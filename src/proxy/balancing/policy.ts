import type { Random } from "../core/random";
import type { U64 } from "./u64";

/** What a policy sees of a host. */
export interface Candidate {
  /** At least 1. */
  readonly weight: number;
  /** Requests in flight, from this proxy. */
  readonly active: number;
  /** What consistent hashing knows it by: its hash key, host name, or `address:port`. */
  readonly hashKey: string;
  /** Decayed latency in milliseconds at `now`; only kept where the policy asks for it. */
  latencyAt(now: number): number;
}

/** Hosts to pick from: the same object as long as nothing about them changed, so that a policy keeps its place. */
export interface HostSource<T extends Candidate = Candidate> {
  /** Never empty. */
  readonly hosts: readonly T[];
  /** Each host's part of all, for consistent hashing; they sum to 1. Undefined: by weight. */
  readonly shares?: readonly number[];
}

/** Picks one of the hosts of a source. One object a source, with its own state. */
export interface Balancer<T extends Candidate = Candidate> {
  /** `hash`: of the request, for consistent hashing; `attempt`: 0, or the how many-th other host is wanted. */
  pick(source: HostSource<T>, random: Random, now: number, hash: U64, attempt: number): T;
}

/** Envoy's load-balancing policies that are supported, with their settings. */
export type BalancerSpec =
  | { readonly kind: "round_robin" }
  | { readonly kind: "random" }
  | { readonly kind: "least_request"; readonly choices: number; readonly activeRequestBias: number }
  | { readonly kind: "peak_ewma"; readonly decayMs: number }
  | {
      readonly kind: "ring_hash";
      readonly hash: "xx" | "murmur2";
      readonly minimumSize: number;
      readonly maximumSize: number;
      readonly byHostname: boolean;
    }
  | { readonly kind: "maglev"; readonly tableSize: number; readonly byHostname: boolean };

/** True where the request's hash chooses the host. */
export function isConsistent(spec: BalancerSpec): boolean {
  return spec.kind === "ring_hash" || spec.kind === "maglev";
}

/** Each host's part of all by weight. */
export function sharesByWeight(hosts: readonly Candidate[], of = 1): number[] {
  const total = hosts.reduce((sum, host) => sum + host.weight, 0);
  return hosts.map((host) => (host.weight * of) / total);
}
