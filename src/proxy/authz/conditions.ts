/** The leaves of RBAC rules: what a permission or a principal asks of a request. */
import type { FilteredExchange, Metadata } from "../filters/filter";
import type { RouteCondition } from "../routing/conditions";
import type { StringTest } from "../routing/matchers";
import { addressBytes, type CidrRange } from "./cidr";
import type { MetadataTest } from "./metadata";
import type { Condition } from "./rbac";

export const header = (condition: RouteCondition): Condition => condition;

/** The path as it is forwarded, without its query. */
export const urlPath = (test: StringTest): Condition => ({ holds: (request) => test.test(request.pathname) });

export const destinationPort = (port: number): Condition => ({
  holds: (request) => request.transport.localPort === port,
});

export const requestedServerName = (test: StringTest): Condition => ({
  holds: (request) => test.test(request.serverName),
});

/** Where an address comes from: the listener's side, the connection's other end, or the client behind proxies. */
export type AddressOf = "destination" | "direct" | "client";

export function address(of: AddressOf, range: CidrRange): Condition {
  const read = addressReaders[of];
  return { holds: (request) => range.contains(addressBytes(read(request))) };
}

const addressReaders: Readonly<Record<AddressOf, (request: FilteredExchange) => string>> = {
  destination: (request) => request.transport.localAddress,
  direct: (request) => request.transport.remoteAddress,
  client: (request) => request.clientIp,
};

/**
 * Who the client proved to be. Without a test any TLS connection passes, as in Envoy. Names are the certificate's URI
 * SANs, then its DNS SANs, then its subject; a client that showed no certificate has the empty subject.
 */
export class Authenticated implements Condition {
  constructor(private readonly name: StringTest | undefined) {}

  holds(request: FilteredExchange): boolean {
    const { transport } = request;
    if (!transport.secure) return false;
    const { name } = this;
    if (name === undefined) return true;
    const { peer } = transport;
    if (peer === undefined) return name.test("");
    return peer.uriSans.some((n) => name.test(n)) || peer.dnsSans.some((n) => name.test(n)) || name.test(peer.subject);
  }
}

/** Metadata of the route, or what filters before this one left (a token's claims). */
export class SourcedMetadata implements Condition {
  constructor(
    private readonly source: "DYNAMIC" | "ROUTE",
    private readonly test: MetadataTest,
  ) {}

  holds(request: FilteredExchange): boolean {
    if (this.source === "ROUTE") return this.test.test(request.routeMetadata);
    return this.test.test(request.dynamicMetadata as Metadata | undefined);
  }
}
