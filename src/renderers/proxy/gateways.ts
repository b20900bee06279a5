import type { Gateway, Listener, Model, Route, Rule } from "../../model/model";
import { routesForGateway } from "../../model/lookup";
import { attachedListeners } from "../attached";
import { connectionManager } from "./connection-manager";
import { extension, type Address, type Message, socketAddress } from "./envoy";
import { servedListeners } from "./engine";
import { routeFilters } from "./filters";
import { fileTls } from "./mtls";
import { serverName } from "./names";
import { clustersOf, named } from "./outbound";
import { doorsOf, type GatewayPlacement, type Placement, REDIRECTED_PORT } from "./placement";
import { destination, gatewayCaller, ruleRoutes } from "./routes";
import { tcpProxy } from "./tcp";

type Attached = ReturnType<typeof attachedListeners>[number] & { readonly route: Route };

const attachedTo = (model: Model, gateway: Gateway): Attached[] =>
  routesForGateway(model, gateway).flatMap((route) =>
    attachedListeners(gateway, route).map((each) => ({ ...each, route })),
  );

const isHttp = ({ protocol }: Listener): boolean => protocol === "http" || protocol === "https" || protocol === "grpc";
const ends = ({ tls }: Listener): boolean => tls !== undefined && tls.mode !== "PASSTHROUGH";

/** Visitors write the port that they came to, and where the proxy listens elsewhere that one. */
const domains = (host: string, ports: readonly number[]): string[] =>
  host === "*" ? ["*"] : [host, ...[...new Set(ports)].map((port) => `${host}:${port}`)];

/** The hosts that an HTTP listener answers to, with the rules of every route that is attached to it under that name. */
function virtualHosts(
  model: Model,
  gateway: Gateway,
  listeners: readonly Listener[],
  ports: readonly number[],
): Message[] {
  const byHost = new Map<string, Message[]>();
  for (const { listener, hosts, route } of attachedTo(model, gateway)) {
    if (!listeners.includes(listener)) continue;
    const entries = route.rules.flatMap((rule) => ruleRoutes(model, route, rule, gatewayCaller(gateway)));
    for (const host of hosts) byHost.set(host, [...(byHost.get(host) ?? []), ...entries]);
  }
  return [...byHost].map(([host, routes]) => ({ name: host, domains: domains(host, ports), routes }));
}

const rulesAt = (model: Model, gateway: Gateway, listeners: readonly Listener[]): Rule[] =>
  attachedTo(model, gateway)
    .filter(({ listener }) => listeners.includes(listener))
    .flatMap(({ route }) => route.rules);

function httpChain(model: Model, gateway: Gateway, listeners: readonly Listener[], name: string, at: Address): Message {
  const [first] = listeners;
  const ports = [first?.port ?? at.port, at.port];
  const filters = routeFilters(rulesAt(model, gateway, listeners).map((rule) => rule.filters));
  const routes = { name, virtual_hosts: virtualHosts(model, gateway, listeners, ports) };
  const http2 = first?.protocol === "grpc";
  const speaker = serverName(gateway);
  return { filters: [connectionManager(model, { name, inbound: false, edge: true, http2, speaker, filters, routes })] };
}

/** Bytes of TCP, or of TLS that is passed on by the name that the client asks for. */
function byteChains(model: Model, gateway: Gateway, listeners: readonly Listener[], name: string): Message[] {
  return attachedTo(model, gateway)
    .filter(({ listener }) => listeners.includes(listener))
    .flatMap(({ route }) =>
      route.rules.flatMap((rule) => {
        const to = destination(model, rule.backends);
        const names = rule.matches.flatMap((match) => match.sni);
        const match = names.length > 0 ? { filter_chain_match: { server_names: names } } : {};
        return to === undefined ? [] : [{ ...match, filters: [tcpProxy(name, to, rule.idleTimeoutMs)] }];
      }),
    );
}

const inspector = {
  listener_filters: [
    extension("envoy.filters.listener.tls_inspector", "filters.listener.tls_inspector.v3.TlsInspector"),
  ],
};

/** A chain for each listener that ends TLS: told apart by the server name where one port has several. */
function tlsChains(
  model: Model,
  placement: Placement,
  gateway: Gateway,
  listeners: readonly Listener[],
  name: string,
  at: Address,
): Message[] {
  return listeners.map((listener) => {
    const chain = isHttp(listener)
      ? httpChain(model, gateway, [listener], name, at)
      : (byteChains(model, gateway, [listener], name)[0] ?? { filters: [] });
    const names = listeners.length > 1 && listener.hostname !== undefined ? [listener.hostname] : [];
    return {
      name: listener.name,
      ...chain,
      ...(names.length > 0 ? { filter_chain_match: { server_names: names } } : {}),
      transport_socket: fileTls(placement, listener),
    };
  });
}

/** Redirects to https, host by host, as the listeners ask that port 80 is not theirs alone. */
function redirecting(model: Model, gateway: Gateway, plain: readonly Listener[], at: Address): Message {
  const name = `door_${REDIRECTED_PORT}`;
  const redirected = gateway.listeners.filter(({ tls }) => tls?.redirectHttp === true);
  const hosts = [...new Set(redirected.map(({ hostname }) => hostname ?? "*"))];
  const ports = [REDIRECTED_PORT, at.port];
  const to = (host: string): Message => {
    const port = redirected.find(({ hostname }) => (hostname ?? "*") === host)?.port ?? 443;
    return { https_redirect: true, ...(port === 443 ? {} : { port_redirect: port }) };
  };
  const open = virtualHosts(model, gateway, plain, ports).filter(({ name: host }) => !hosts.includes(host as string));
  const closed = hosts.map((host) => ({
    name: host,
    domains: domains(host, ports),
    routes: [{ name: "https", match: { prefix: "/" }, redirect: to(host) }],
  }));
  const filters = routeFilters(rulesAt(model, gateway, plain).map((rule) => rule.filters));
  const routes = { name, virtual_hosts: [...open, ...closed] };
  const speaker = serverName(gateway);
  return {
    filter_chains: [
      {
        filters: [
          connectionManager(model, { name, inbound: false, edge: true, http2: false, speaker, filters, routes }),
        ],
      },
    ],
  };
}

function door(model: Model, placement: Placement, gateway: Gateway, port: number, at: Address): Message {
  const name = `door_${port}`;
  const listeners = servedListeners(model, gateway.listeners).filter((listener) => listener.port === port);
  if (port === REDIRECTED_PORT && gateway.listeners.some(({ tls }) => tls?.redirectHttp === true))
    return redirecting(model, gateway, listeners, at);
  if (listeners.some(ends)) {
    const several = listeners.length > 1 ? inspector : {};
    return { ...several, filter_chains: tlsChains(model, placement, gateway, listeners, name, at) };
  }
  if (listeners.some(isHttp)) return { filter_chains: [httpChain(model, gateway, listeners, name, at)] };
  const chains = byteChains(model, gateway, listeners, name);
  return { ...(chains.some((chain) => "filter_chain_match" in chain) ? inspector : {}), filter_chains: chains };
}

/** Where visitors come in: one listener of the proxy for each port. A port that no route is attached to answers 404, or hangs up. */
export const gatewayListeners = (
  model: Model,
  placement: Placement,
  gateway: Gateway,
  proxy: GatewayPlacement,
): Message[] =>
  doorsOf(servedListeners(model, gateway.listeners)).flatMap((port) => {
    const at = proxy.doors[port];
    if (at === undefined) return [];
    const made = door(model, placement, gateway, port, at);
    // Envoy refuses a listener without chains: nothing is there to answer.
    if ((made.filter_chains as readonly Message[]).length === 0) return [];
    return [{ name: `door_${port}`, address: socketAddress(at), traffic_direction: "INBOUND", ...made }];
  });

export function gatewayClusters(
  model: Model,
  placement: Placement,
  gateway: Gateway,
  proxy: GatewayPlacement,
): Message[] {
  const rules = routesForGateway(model, gateway).flatMap((route) => route.rules);
  return clustersOf(model, placement, proxy, named(model, rules));
}
