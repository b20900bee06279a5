import type { Facts } from "../facts";
import type { Level } from "../model/finding";

export type Area = "routes" | "traffic" | "security" | "gateways" | "workloads" | "calls" | "telemetry";

/** One rule: what it looks for, why it matters, what to do, and the smallest mesh that it is right and wrong about. */
export interface Check {
  /** Stable, never reused: MESH1001 and up. */
  readonly code: string;
  /** The file's name; `.meshuprc.yaml` takes it as well as the code. */
  readonly name: string;
  readonly area: Area;
  readonly level: Level;
  readonly title: string;
  /** What happens in production otherwise. */
  readonly why: string;
  readonly remedy: string;
  /** The same or a similar rule of other tools. */
  readonly relatives: Relatives;
  readonly run: (facts: Facts) => Iterable<Hit>;
  /** Contents of `spec`: what the documentation shows, and what the tests hold the rule to. */
  readonly example: { readonly wrong: string; readonly right: string };
}
export interface Relatives {
  /** istioctl analyze. */
  readonly istio?: readonly string[];
  readonly kiali?: readonly string[];
  readonly kyverno?: readonly string[];
  /** Others by name: `kube-linter: minimum-replicas`. */
  readonly other?: readonly string[];
}
export interface Hit {
  readonly path: string;
  readonly message: string;
  /** Where it can say more than the rule's own. */
  readonly remedy?: string;
}
