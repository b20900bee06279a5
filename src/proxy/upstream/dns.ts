import { lookup } from "node:dns";
import { isIP } from "node:net";
import type { Runtime } from "../core/runtime";
import type { ClusterStats } from "../core/stats";
import { TimerEntry } from "../core/wheel";
import type { DnsConfig, EndpointConfig } from "./config";

/** Addresses of a name, in the system's order; undefined where it could not be asked or has none. */
export type Resolver = (name: string, family: 4 | 6, told: (addresses: readonly string[] | undefined) => void) => void;

/** The system's own: it reads the hosts file too. */
export const systemResolver: Resolver = (name, family, told) => {
  lookup(name, { family, all: true, verbatim: true }, (error, found) => {
    told(error === null && found.length > 0 ? found.map((entry) => entry.address) : undefined);
  });
};

/** What resolving needs of its cluster. */
export interface NamedCluster {
  readonly stats: ClusterStats;
  onResolved(endpoints: readonly EndpointConfig[]): void;
}

/** Keeps looking up one endpoint's name. An answer that fails leaves the last one standing. */
class Name extends TimerEntry {
  addresses: readonly string[] = [];
  /** Answered at least once, well or not. */
  answered = false;
  private closed = false;

  constructor(
    readonly endpoint: EndpointConfig,
    private readonly discovery: DnsDiscovery,
  ) {
    super();
  }

  fire(): void {
    const { config, stats } = this.discovery;
    const { address } = this.endpoint;
    stats.update_attempt++;
    const tell = (addresses: readonly string[] | undefined): void => {
      if (this.closed) return;
      if (addresses === undefined) stats.update_failure++;
      this.answered = true;
      if (addresses !== undefined) this.addresses = addresses;
      this.discovery.onAnswer();
      this.discovery.runtime.slowWheel.start(this, config.refresh);
    };
    if (isIP(address) !== 0) return tell([address]);
    const { resolve } = this.discovery;
    switch (config.family) {
      case "V4_ONLY":
        return resolve(address, 4, tell);
      case "V6_ONLY":
        return resolve(address, 6, tell);
      case "V4_PREFERRED":
        return resolve(address, 4, (v4) => (v4 === undefined ? resolve(address, 6, tell) : tell(v4)));
      case "AUTO":
        return resolve(address, 6, (v6) => (v6 === undefined ? resolve(address, 4, tell) : tell(v6)));
      case "ALL":
        return resolve(address, 4, (v4) =>
          resolve(address, 6, (v6) =>
            tell(v4 === undefined && v6 === undefined ? undefined : [...(v4 ?? []), ...(v6 ?? [])]),
          ),
        );
    }
  }

  close(): void {
    this.closed = true;
    this.stop();
  }
}

/** Turns the names of a cluster's endpoints into addresses, again and again. */
export class DnsDiscovery {
  private readonly names: readonly Name[];

  constructor(
    readonly config: DnsConfig,
    endpoints: readonly EndpointConfig[],
    private readonly cluster: NamedCluster,
    readonly runtime: Runtime,
    readonly resolve: Resolver,
  ) {
    this.names = endpoints.map((endpoint) => new Name(endpoint, this));
  }

  /** Begins; addresses come by `onResolved`, which may be called before this returns. */
  start(): void {
    for (const name of this.names) name.fire();
  }

  get stats(): ClusterStats {
    return this.cluster.stats;
  }

  onAnswer(): void {
    if (this.names.some((name) => !name.answered)) return;
    const logical = this.config.kind === "logical";
    const seen = new Set<string>();
    this.cluster.onResolved(
      this.names.flatMap(({ endpoint, addresses }) =>
        (logical ? addresses.slice(0, 1) : addresses)
          // Two names for one address are one host.
          .filter((address) => !seen.has(`${address}|${endpoint.port}`) && seen.add(`${address}|${endpoint.port}`))
          .map((address) => ({ ...endpoint, address, hostname: endpoint.hostname || endpoint.address })),
      ),
    );
  }

  close(): void {
    for (const name of this.names) name.close();
  }
}
