import { gatewayOf, serviceOf } from "../../model/lookup";
import { type Gateway, type Listener, type Parent, type Ref, type Route } from "../../model/model";
import type { Context } from "./context";
import { hostOf } from "./names";

/** One VirtualService of a route: whose traffic it is for, under which names and at which ports. */
export interface Attachment {
  readonly name: string;
  /** Absent: every sidecar of the mesh. */
  readonly gateways?: readonly string[];
  readonly hosts: readonly string[];
  /** Absent: every port. */
  readonly ports?: readonly number[];
}

/**
 * A route's VirtualServices: one for sidecars, and one for gateways, whose hosts (`*` among them) and ports are
 * others. Several parents with ports of their own are an attachment each, as a port belongs to its parent's hosts.
 */
export function attachmentsOf(context: Context, route: Route): Attachment[] {
  const services = route.parents.filter((parent) => parent.kind === "service");
  const gateways = route.parents.filter((parent) => parent.kind === "gateway");
  return [
    ...grouped(services.map((parent) => ({ ...ofService(context, route, parent), parent }))).map((group, index) => ({
      ...group,
      name: index === 0 ? route.name : `${route.name}.${index + 1}`,
    })),
    ...grouped(gateways.map((parent) => ({ ...ofGateway(context, route, parent), parent }))).map((group, index) => ({
      ...group,
      name: index === 0 ? `${route.name}.gateway` : `${route.name}.gateway-${index + 1}`,
    })),
  ];
}

type Part = Omit<Attachment, "name">;

/** Parents at the same ports share a VirtualService. */
function grouped(parts: readonly Part[]): Part[] {
  const groups = new Map<string, Part>();
  for (const { gateways, hosts, ports } of parts) {
    const key = JSON.stringify([ports ?? "", gateways === undefined ? "" : hosts]);
    const same = groups.get(key);
    groups.set(key, {
      ...(gateways === undefined ? {} : { gateways: [...new Set([...(same?.gateways ?? []), ...gateways])] }),
      hosts: withoutCovered([...(same?.hosts ?? []), ...hosts]),
      ...(ports === undefined ? {} : { ports }),
    });
  }
  return [...groups.values()];
}

/** Server names that TLS rules ask for must be among the hosts. */
const serverNames = (route: Route): readonly string[] =>
  route.kind === "tls" ? route.rules.flatMap((rule) => rule.matches.flatMap((match) => match.sni)) : [];

function ofService(context: Context, route: Route, parent: Parent): Part {
  const hosts = [hostOf(context, parent), ...route.hostnames, ...serverNames(route)];
  const ports = parent.port === undefined ? tcpPorts(context, route, parent) : [parent.port];
  return { hosts, ...(ports === undefined ? {} : { ports }) };
}

/** Without a port, tcp rules mean the ports that nothing else can read. Istio knows them as such already. */
function tcpPorts(context: Context, route: Route, parent: Ref): readonly number[] | undefined {
  const service = serviceOf(context.model, parent);
  if (route.kind !== "tcp" || service === undefined) return undefined;
  const raw = service.ports.filter(({ protocol }) => protocol === "tcp" || protocol === "tls");
  return raw.length === service.ports.length ? undefined : raw.map(({ port }) => port);
}

function ofGateway(context: Context, route: Route, parent: Parent): Part {
  const gateway = gatewayOf(context.model, parent);
  const listeners = gateway === undefined ? [] : listenersOf(gateway, parent);
  const own = listeners.map((listener) => listener.hostname ?? "*");
  const hosts = serverNames(route).length > 0 ? serverNames(route) : route.hostnames.length > 0 ? route.hostnames : own;
  const all = gateway?.listeners.length === listeners.length;
  return {
    gateways: [`${parent.namespace}/${parent.name}`],
    hosts: withoutCovered(hosts.length > 0 ? hosts : ["*"]),
    ...(all ? {} : { ports: [...new Set(listeners.map(({ port }) => port))] }),
  };
}

const listenersOf = (gateway: Gateway, parent: Parent): readonly Listener[] =>
  gateway.listeners
    .filter(({ name }) => parent.listener === undefined || name === parent.listener)
    .filter(({ port }) => parent.port === undefined || port === parent.port);

/** `*.shop.example` and `*` cover narrower names, and istiod refuses one VirtualService with both. */
function withoutCovered(hosts: readonly string[]): string[] {
  const unique = [...new Set(hosts)];
  const wild = unique.filter((host) => host.startsWith("*"));
  return unique.filter((host) => !wild.some((wider) => wider !== host && host.endsWith(wider.slice(1))));
}
