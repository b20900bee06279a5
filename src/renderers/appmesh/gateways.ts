import { principalOf, routesForGateway } from "../../model/lookup";
import { type Gateway, keyOf, type Listener, type Model, type Route } from "../../model/model";
import { type PlanResource, ref } from "../../plan/plan";
import { attachedListeners } from "../attached";
import { reachedBy } from "./backends";
import { behindGatewayHost, behindGatewayName, gatewayId, gatewayName, meshId } from "./names";
import { type RouterPort, virtualRouter, virtualService } from "./routers";
import { ruleRoutes } from "./routes";
import { logging } from "./telemetry";
import { clientPolicy, gatewayTls } from "./tls";

/** What a gateway of App Mesh listens for; anything else is an accepted loss. */
const protocols: Partial<Record<Listener["protocol"], "http" | "grpc">> = { http: "http", https: "http", grpc: "grpc" };

/**
 * A virtual gateway and, for each route attached to it, a virtual service of its own behind it: a gateway route looks at
 * the host name alone and the router behind does the rest, so that every condition, weight and retry of the rules holds.
 */
export function gatewayResources(model: Model, gateway: Gateway): PlanResource[] {
  const attached = routesForGateway(model, gateway).filter((route) => route.kind === "http" || route.kind === "grpc");
  const front = virtualGateway(model, gateway, attached);
  if (front === undefined) return [];
  const entries = attached.flatMap((route) =>
    attachedListeners(gateway, route)
      .filter(({ listener }) => protocols[listener.protocol] === kindOf(route))
      .flatMap(({ listener, hosts }) => hosts.map((host): Entry => ({ route, port: listener.port, host }))),
  );
  // The narrower of two host names is tried first, whichever route it is of.
  const ranked = [...entries].sort((a, b) => width(a.host) - width(b.host));
  const byRoute = new Map<Route, Ranked[]>(attached.map((route) => [route, []]));
  for (const [priority, entry] of ranked.entries()) byRoute.get(entry.route)?.push({ ...entry, priority });
  return [front, ...[...byRoute].flatMap(([route, own]) => behind(model, gateway, front, route, own))];
}

interface Entry {
  readonly route: Route;
  readonly port: number;
  readonly host: string;
}
interface Ranked extends Entry {
  readonly priority: number;
}
const kindOf = (route: Route): "http" | "grpc" => (route.kind === "grpc" ? "grpc" : "http");
/** Exact names, then wildcards from the longest to `*`. */
const width = (host: string): number => (host.startsWith("*") ? 1000 - host.length : 0);

function virtualGateway(model: Model, gateway: Gateway, attached: readonly Route[]): PlanResource | undefined {
  const listeners = gateway.listeners.filter((listener) => protocols[listener.protocol] !== undefined);
  if (listeners.length === 0) return undefined;
  const principal = principalOf(model, gateway.namespace, gateway.serviceAccount);
  const policy = clientPolicy(model, principal, reachedBy(model, attached).services);
  return {
    id: gatewayId(gateway),
    type: "aws:appmesh/virtualGateway:VirtualGateway",
    name: gatewayName(gateway),
    properties: {
      name: gatewayName(gateway),
      meshName: ref(meshId(model), "name"),
      spec: {
        listeners: listeners.map((listener) => ({
          portMapping: { port: listener.port, protocol: protocols[listener.protocol] },
          ...gatewayTls(model, listener),
        })),
        ...(Object.keys(policy).length > 0 && { backendDefaults: policy }),
        ...logging(model),
      },
    },
    owner: `gateway:${keyOf(gateway)}`,
    dependsOn: [meshId(model)],
    provider: "aws",
  };
}

function behind(
  model: Model,
  gateway: Gateway,
  front: PlanResource,
  route: Route,
  own: readonly Ranked[],
): PlanResource[] {
  const owner = `route:${keyOf(route)}`;
  const kind = kindOf(route);
  const name = behindGatewayName(gateway, route);
  const ports = [...new Set(own.map(({ port }) => port))].map((port): RouterPort => ({ port, protocol: kind }));
  const router = virtualRouter(model, name, ports, owner);
  const routes: PlanResource[] = [];
  for (const port of ports) routes.push(...ruleRoutes(model, router, route, port, routes.length));
  if (routes.length === 0) return [];
  const service = virtualService(model, behindGatewayHost(model, gateway, route), router, routes, owner);
  const gatewayRoute = (match: object, entry: Ranked, m: number): PlanResource => ({
    id: `appmesh.GatewayRoute/${name}_${m}`,
    type: "aws:appmesh/gatewayRoute:GatewayRoute",
    name: `${name}_${m}`,
    properties: {
      name: `${name}_${m}`,
      meshName: ref(meshId(model), "name"),
      virtualGatewayName: ref(front.id, "name"),
      spec: {
        priority: entry.priority,
        [`${kind}Route`]: {
          match: { ...match, port: entry.port },
          action: {
            target: { virtualService: { virtualServiceName: ref(service.id, "name") }, port: entry.port },
            ...(kind === "http" && { rewrite: untouched }),
          },
        },
      },
    },
    owner,
    dependsOn: [front.id, service.id],
    provider: "aws",
  });
  const entered = own.flatMap((entry) => matchesOf(route, entry.host).map((match) => ({ entry, match })));
  return [router, ...routes, service, ...entered.map(({ entry, match }, m) => gatewayRoute(match, entry, m))];
}

/** Left alone, a gateway replaces the host and the matched prefix. */
const untouched = { hostname: { defaultTargetHostname: "DISABLED" }, prefix: { defaultPrefix: "DISABLED" } };

/** By host name; of gRPC, the provider takes the service alone. */
function matchesOf(route: Route, host: string): readonly object[] {
  if (route.kind === "grpc") return grpcServices(route).map((serviceName) => ({ serviceName }));
  const hostname = host.startsWith("*.") ? { suffix: host.slice(1) } : { exact: host };
  return [{ prefix: "/", ...(host !== "*" && { hostname }) }];
}

export const grpcServices = (route: Route): readonly string[] => [
  ...new Set(
    route.rules.flatMap((rule) => rule.matches.flatMap((match) => (match.grpc?.service ? [match.grpc.service] : []))),
  ),
];
