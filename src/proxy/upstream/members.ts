import type { Cluster } from "./cluster";
import type { EndpointConfig } from "./config";
import { Host } from "./host";
import { Http1Pool } from "./pool-h1";

export interface Reconciled {
  readonly hosts: readonly Host[];
  /** Hosts that no endpoint names any longer. */
  readonly gone: readonly Host[];
  /** How many are new. */
  readonly fresh: number;
  readonly reweighed: boolean;
}

/** Hosts for endpoints: one that is known stays itself, with its connections and history. */
export function reconcileHosts(cluster: Cluster, endpoints: readonly EndpointConfig[]): Reconciled {
  const { balancer, dns } = cluster.config;
  const byHostname = "byHostname" in balancer && balancer.byHostname;
  // A logical host is its name: its address may change, and its connections stay.
  const logical = dns?.kind === "logical";
  const keyOf = (e: { readonly address: string; readonly port: number; readonly hostname?: string }): string =>
    logical ? `${e.hostname}|${e.port}` : `${e.address}|${e.port}`;
  const old = new Map(cluster.hosts.map((host) => [keyOf(host), host]));
  let fresh = 0;
  let reweighed = false;
  const hosts = endpoints.map((endpoint) => {
    const key = keyOf(endpoint);
    const known = old.get(key);
    if (known !== undefined) {
      old.delete(key);
      known.address = endpoint.address;
      if (known.configure(endpoint, byHostname)) reweighed = true;
      return known;
    }
    fresh++;
    const host = new Host(endpoint.address, endpoint.port, endpoint, byHostname);
    host.pool = new Http1Pool(cluster, host);
    return host;
  });
  return { hosts, gone: [...old.values()], fresh, reweighed };
}
