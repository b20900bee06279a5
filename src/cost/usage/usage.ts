import type { Place } from "../codes";
import type { Component } from "../components";
import type { Decimal } from "../decimal";
import type { Scenarios } from "../scenarios";

/** What is not said is absent, and then the cost depends on usage: it is never taken as zero. */
export interface TrafficUsage {
  readonly requestsPerHour?: Scenarios;
  /** Both ways together, a month. */
  readonly gbPerMonth?: Scenarios;
}
export interface ServiceUsage extends TrafficUsage {
  /** For versions whose pods exist already. */
  readonly replicas?: Decimal;
  /** Share of the traffic that leaves its zone, 0 to 1. */
  readonly crossZone?: Decimal;
  readonly logBytesPerRequest?: Decimal;
  readonly metricSeriesPerReplica?: Decimal;
}
export interface Additional {
  readonly sku: string;
  readonly name: string;
  readonly component: Component;
  /** In single units, a month. */
  readonly quantity: Scenarios;
  readonly place: Place;
}
export interface MeshUsage {
  readonly clusters?: Decimal;
  readonly nodes?: Decimal;
  readonly natGateways?: Decimal;
  readonly natGbPerMonth?: Scenarios;
  readonly certificatesPerMonth?: Scenarios;
  readonly discoveryCallsPerMonth?: Scenarios;
  readonly additional: readonly Additional[];
}
/** A usage file read: what each address says over what its type says. */
export interface Usage {
  readonly mesh: MeshUsage;
  readonly service: Addressed<ServiceUsage>;
  readonly gateway: Addressed<TrafficUsage>;
}
export interface Addressed<T> {
  readonly defaults: T;
  /** By `namespace/name`, or `name` alone for the mesh's own namespace. */
  readonly own: ReadonlyMap<string, { readonly usage: T; readonly place: () => Place }>;
}
/** Nothing is known. */
export const noUsage: Usage = {
  mesh: { additional: [] },
  service: { defaults: {}, own: new Map() },
  gateway: { defaults: {}, own: new Map() },
};
/** What is known of the thing with this namespace and name, in a mesh whose own namespace is `meshNamespace`. */
export function usageOf<T>(
  usage: Addressed<T>,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  meshNamespace: string,
): T {
  const own = usage.own.get(`${namespace}/${name}`) ?? (namespace === meshNamespace ? usage.own.get(name) : undefined);
  return own?.usage ?? usage.defaults;
}
