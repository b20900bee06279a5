import { externalServiceOf, serviceOf } from "../../model/lookup";
import { keyOf, type Model, type Port, type Ref, type Route, type Rule } from "../../model/model";
import { Kept } from "../kept";
import { externalClusters, serviceClusters } from "./clusters";
import { extension, type Message, socketAddress } from "./envoy";
import { routeFilters } from "./filters";
import { connectionManager } from "./connection-manager";
import { CLIENT_ACCOUNT, outboundCluster, serverName } from "./names";
import { servedPorts } from "./engine";
import { isTraced } from "./tracing";
import { asListed, type Callee, type Placement, portKey, type ProxyPlacement } from "./placement";
import { type Caller, destination, routeConfiguration, routesTo } from "./routes";
import { tcpProxy } from "./tcp";
import { isHttp, isHttp2 } from "./traffic";

function http(model: Model, callee: Callee, port: Port, caller: Caller): Message {
  const rules = routesTo(model, callee, port.port).flatMap((route) => route.rules);
  const chain = connectionManager(model, {
    name: outboundCluster(callee, port.port),
    inbound: false,
    http2: isHttp2(port.protocol),
    speaker: caller === undefined ? CLIENT_ACCOUNT : serverName(caller),
    filters: routeFilters(rules.map((rule) => rule.filters)),
    routes: routeConfiguration(model, callee, port.port, caller),
  });
  return { filter_chains: [{ filters: [chain] }] };
}

/** TCP goes by weights alone; TLS is passed through by the name in the client's hello. */
function bytes(model: Model, callee: Callee, port: Port): Message {
  const name = outboundCluster(callee, port.port);
  const of = (kind: Route["kind"]): Rule[] =>
    routesTo(model, callee, port.port)
      .filter((route) => route.kind === kind)
      .flatMap((route) => route.rules);
  const relay = (rule: Rule | undefined): Message[] => [
    tcpProxy(name, (rule && destination(model, rule.backends)) ?? { cluster: name }, rule?.idleTimeoutMs),
  ];
  const bySni = of("tls");
  if (bySni.length === 0) return { filter_chains: [{ filters: relay(of("tcp")[0]) }] };
  return {
    listener_filters: [
      extension("envoy.filters.listener.tls_inspector", "filters.listener.tls_inspector.v3.TlsInspector"),
    ],
    filter_chains: bySni.map((rule) => {
      const names = rule.matches.flatMap((match) => match.sni);
      return { ...(names.length > 0 ? { filter_chain_match: { server_names: names } } : {}), filters: relay(rule) };
    }),
  };
}

/** Where rules ask who calls, or spans name the caller, each has a listener's filters for itself; else all share them. */
function chains(model: Model, callee: Callee, port: Port, caller: Caller): Message {
  const sourced = asking.of([model, callee], port, () =>
    routesTo(model, callee, port.port).some(({ rules }) =>
      rules.some(({ matches }) => matches.some(({ source }) => source !== undefined)),
    ),
  );
  const named = sourced || isTraced(model);
  const key = named ? caller && keyOf(caller) : "anyone";
  return shared.of([model, callee, port], key, () =>
    isHttp(port.protocol) ? http(model, callee, port, caller) : bytes(model, callee, port),
  );
}
const asking = new Kept<boolean>();
const shared = new Kept<Message>();

/** Loopback listeners for what a proxy's application may call, one a port. */
export const outboundListeners = (
  model: Model,
  proxy: ProxyPlacement,
  callees: readonly Callee[],
  caller: Caller,
): Message[] =>
  callees.flatMap((callee) =>
    servedPorts(model, callee).flatMap((port) => {
      const at = proxy.outbound[portKey(callee, port.port)];
      if (at === undefined) return [];
      return [
        {
          name: `outbound_${port.port}_${callee.name}.${callee.namespace}`,
          address: socketAddress(at),
          traffic_direction: "OUTBOUND",
          ...chains(model, callee, port, caller),
        },
      ];
    }),
  );

/** What the routes to these callees lead to: the callees themselves and every backend and mirror their rules name. */
function reached(model: Model, callees: readonly Callee[]): readonly Callee[] {
  const rules = callees.flatMap((callee) =>
    callee.ports.flatMap((port) => routesTo(model, callee, port.port).flatMap((route) => route.rules)),
  );
  return named(model, rules, callees);
}

/** What rules lead to, in the order of the model: backends and mirrors, and whatever else is given. */
export function named(model: Model, rules: readonly Rule[], more: readonly Ref[] = []): readonly Callee[] {
  const found = new Set<Callee>();
  const add = (ref: Ref): void => {
    for (const each of [serviceOf(model, ref), externalServiceOf(model, ref)]) if (each !== undefined) found.add(each);
  };
  more.forEach(add);
  for (const { backends, filters } of rules) [...backends, ...filters.mirrors].forEach(add);
  return asListed(model, found);
}

export function outboundClusters(
  model: Model,
  placement: Placement,
  proxy: ProxyPlacement,
  callees: readonly Callee[],
): readonly Message[] {
  return reachable.of([model, placement, callees], proxy.certificates, () =>
    clustersOf(model, placement, proxy, reached(model, callees)),
  );
}
const reachable = new Kept<readonly Message[]>();

/** The clusters of these services, ours and external. Proxies that share an identity share them. */
export const clustersOf = (
  model: Model,
  placement: Placement,
  proxy: ProxyPlacement,
  callees: readonly Callee[],
): Message[] =>
  callees.flatMap((callee) =>
    clusters.of([model, placement, callee], proxy.certificates, () =>
      "versions" in callee
        ? serviceClusters(model, placement, proxy, callee)
        : externalClusters(model, placement, callee),
    ),
  );
const clusters = new Kept<readonly Message[]>();
