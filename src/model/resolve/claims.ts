import { type Gateway, keyOf, type Parent, type Port, type Protocol, type Route, type Service } from "../model";
import { at } from "../path";
import { RefMap } from "../ref-map";
import type { Context } from "./context";

/** Protocols that rules of each kind can be applied to. */
const CARRIES: Readonly<Record<Route["kind"], readonly Protocol[]>> = {
  http: ["http", "http2", "grpc"],
  grpc: ["grpc", "http2", "http"],
  tcp: ["tcp", "tls", "http", "http2", "grpc"],
  tls: ["tls", "tcp"],
};

/**
 * Who owns what: a service's port and a gateway's host belong to one route. What two routes would make of it
 * together is a matter of luck on the meshes (Istio takes the older), so it is an error here.
 */
export function checkClaims(
  routes: readonly Route[],
  services: readonly Service[],
  gateways: readonly Gateway[],
  context: Context,
): void {
  const serviceOf = RefMap.of(services);
  const gatewayOf = RefMap.of(gateways);
  const owners = new Map<string, Route>();
  for (const route of routes) {
    const reported = new Set<Route>();
    for (const parent of route.parents) {
      const service = parent.kind === "service" ? serviceOf.get(parent) : undefined;
      const gateway = parent.kind === "gateway" ? gatewayOf.get(parent) : undefined;
      const ofParent = service === undefined ? [] : ofService(route, parent, service, context);
      for (const { key, what } of gateway === undefined ? ofParent : ofGateway(route, parent, gateway)) {
        const owner = owners.get(key);
        if (owner === undefined) owners.set(key, route);
        else if (owner !== route && !reported.has(owner)) {
          reported.add(owner);
          const message = `route ${owner.name} at ${owner.path} already claims ${what()}`;
          context.report(
            "MESH0031",
            parent.path,
            message,
            "Put all rules for it into one route, in the order they are to be tried.",
          );
        }
      }
    }
  }
}

interface Claim {
  readonly key: string;
  readonly what: () => string;
}

function ofService(route: Route, parent: Parent, service: Service, context: Context): Claim[] {
  const spoken = service.ports.filter((port) => parent.port === undefined || port.port === parent.port);
  const meant = spoken.filter((port) => CARRIES[route.kind].includes(port.protocol));
  if (meant.length === 0 && spoken.length > 0) {
    const where = parent.port === undefined ? service.name : `port ${parent.port} of ${service.name}`;
    const message = `${route.kind} rules cannot be applied to ${where}, which speaks ${spoken.map((port) => port.protocol).join(", ")}`;
    const path = parent.port === undefined ? parent.path : at(parent.path, "port");
    context.report("MESH0038", path, message, "Change the port's protocol, or write a route of another kind.");
  }
  // Without a port, tcp rules mean the ports that nothing else can read, where there are any.
  const isRaw = (port: Port) => port.protocol === "tcp" || port.protocol === "tls";
  const raw = route.kind === "tcp" && parent.port === undefined ? meant.filter(isRaw) : [];
  const claimed = raw.length > 0 ? raw : meant;
  const ports = claimed.map((port) => ({
    key: `service ${keyOf(service)} ${port.port}`,
    what: () => `port ${port.port} of ${service.name}`,
  }));
  if (route.hostnames.length === 0) return ports;
  return [
    ...ports,
    ...route.hostnames.flatMap((host) =>
      claimed.map((port) => ({ key: `host ${host} ${port.port}`, what: () => `${host}:${port.port} inside the mesh` })),
    ),
  ];
}

function ofGateway(route: Route, parent: Parent, gateway: Gateway): Claim[] {
  return gateway.listeners
    .filter((listener) => parent.listener === undefined || listener.name === parent.listener)
    .filter((listener) => parent.port === undefined || listener.port === parent.port)
    .flatMap((listener) => {
      const hosts = route.hostnames.length > 0 ? route.hostnames : [listener.hostname ?? "*"];
      // TLS rules tell connections apart by server name.
      const names =
        route.kind === "tls" ? route.rules.flatMap((rule) => rule.matches.flatMap((match) => match.sni)) : hosts;
      return names.map((host) => ({
        key: `gateway ${keyOf(gateway)} ${listener.name} ${host}`,
        what: () => `${host} on listener ${listener.name} of gateway ${gateway.name}`,
      }));
    });
}
