import { routesForGateway, serviceOf } from "../../model/lookup";
import { type Gateway, keyOf, type Listener, type Model, type Port, type Route, type Rule } from "../../model/model";
import { type PlanResource, ref } from "../../plan/plan";
import { paths } from "./matches";
import { domainOf, gatewayId, meshId } from "./names";
import { routesOf, virtualRouter, virtualService } from "./routes";
import { logging } from "./telemetry";

const protocols: Partial<Record<Listener["protocol"], "http" | "grpc">> = { http: "http", https: "http", grpc: "grpc" };

/**
 * A virtual gateway and, for each rule attached to it, a virtual service behind the gateway with a router of its own:
 * so that weights, timeouts and retries of the rule hold, which a gateway route cannot say.
 */
export function gatewayResources(model: Model, gateway: Gateway): PlanResource[] {
  const listeners = gateway.listeners.filter((listener) => protocols[listener.protocol] !== undefined);
  if (listeners.length === 0) return [];
  const name = `${gateway.namespace}-${gateway.name}`;
  const owner = `gateway:${keyOf(gateway)}`;
  const front: PlanResource = {
    id: gatewayId(gateway),
    type: "aws:appmesh/virtualGateway:VirtualGateway",
    name,
    properties: {
      name,
      meshName: ref(meshId(model), "name"),
      spec: {
        listeners: listeners.map((listener) => ({
          portMapping: { port: listener.port, protocol: protocols[listener.protocol] },
          ...(listener.tls?.certificateRef !== undefined && {
            tls: { mode: "STRICT", certificate: { acm: { certificateArn: listener.tls.certificateRef } } },
          }),
        })),
        ...logging(model),
      },
    },
    owner,
    dependsOn: [meshId(model)],
    provider: "aws",
  };
  const attached = routesForGateway(model, gateway).filter((route) => route.kind === "http" || route.kind === "grpc");
  return [front, ...attached.flatMap((route) => behind(model, gateway, front, route))];
}

function behind(model: Model, gateway: Gateway, front: PlanResource, route: Route): PlanResource[] {
  const owner = `route:${keyOf(route)}`;
  let priority = 0;
  return route.rules.flatMap((rule, r) => {
    const port = portOf(model, rule);
    if (port === undefined) return [];
    const suffix = `-${gateway.name}-${r}`;
    const router = virtualRouter(model, route, [port], owner, suffix);
    // The gateway route has chosen by the rule's match; behind it everything goes to the rule's targets.
    const all: Route = { ...route, rules: [{ ...rule, matches: [] }] };
    const routes = routesOf(model, router, all, [port]);
    if (routes.length === 0) return [];
    const service = virtualService(
      model,
      `${route.name}${suffix}.${domainOf(model, route.namespace)}`,
      router,
      routes,
      owner,
    );
    const gatewayRoutes = matchesOf(route, rule).map((match, m): PlanResource => {
      const name = `${front.name}-${route.name}-${r}-${m}`;
      return {
        id: `appmesh.GatewayRoute/${name}`,
        type: "aws:appmesh/gatewayRoute:GatewayRoute",
        name,
        properties: {
          name,
          meshName: ref(meshId(model), "name"),
          virtualGatewayName: ref(front.id, "name"),
          spec: {
            priority: priority++,
            [route.kind === "grpc" ? "grpcRoute" : "httpRoute"]: {
              match,
              action: {
                target: { virtualService: { virtualServiceName: ref(service.id, "name") } },
                ...(route.kind === "http" && { rewrite: rewrite(rule, match) }),
              },
            },
          },
        },
        owner,
        dependsOn: [front.id, service.id],
        provider: "aws",
      };
    });
    return [router, ...routes, service, ...gatewayRoutes];
  });
}

/** The first backend's port tells the protocol behind the gateway. */
function portOf(model: Model, rule: Rule): Port | undefined {
  for (const backend of rule.backends) {
    const port = serviceOf(model, backend)?.ports.find((each) => each.port === backend.port);
    if (port !== undefined) return port;
  }
  return undefined;
}

type HttpMatch = { readonly prefix?: string; readonly path?: { readonly exact?: string } };

function matchesOf(route: Route, rule: Rule): readonly object[] {
  const hosts = route.hostnames.length === 0 ? [undefined] : route.hostnames;
  const matches = rule.matches.length === 0 ? [undefined] : rule.matches;
  if (route.kind === "grpc")
    return matches.flatMap((match) =>
      match?.grpc?.service === undefined ? [] : [{ serviceName: match.grpc.service }],
    );
  return matches.flatMap((match) =>
    paths(match?.uri).flatMap((path) =>
      hosts.map((host) => ({
        ...path,
        ...(host !== undefined && { hostname: host.startsWith("*.") ? { suffix: host.slice(1) } : { exact: host } }),
        ...(match !== undefined &&
          match.headers.length > 0 && {
            headers: match.headers.map((header) => ({
              name: header.name,
              ...(header.negate && { invert: true }),
              ...(header.kind !== "present" && { match: { [header.kind]: header.value } }),
            })),
          }),
      })),
    ),
  );
}

/** Left alone, a gateway replaces host and matched prefix; both are switched off unless the rule asks for one. */
function rewrite(rule: Rule, match: object): object {
  const wanted = rule.filters.rewrite;
  const { prefix, path } = match as HttpMatch;
  return {
    hostname: { defaultTargetHostname: "DISABLED" },
    ...(prefix !== undefined && {
      prefix: wanted?.prefix === undefined ? { defaultPrefix: "DISABLED" } : { value: withSlash(wanted.prefix) },
    }),
    ...(path?.exact !== undefined && wanted?.prefix !== undefined && { path: { exact: wanted.prefix || "/" } }),
    ...(path?.exact !== undefined && wanted?.full !== undefined && { path: { exact: wanted.full } }),
  };
}
const withSlash = (prefix: string): string => (prefix.endsWith("/") ? prefix : `${prefix}/`);
