import { externalServiceOf, gatewayOf, routesFor, serviceOf } from "../../model/lookup";
import {
  keyOf,
  type ExternalService,
  type Gateway,
  type Listener,
  type Model,
  type Parent,
  type Port,
  type Ref,
  type Route,
  type RouteBackend,
  type Rule,
  type Service,
} from "../../model/model";
import { type PlanResource, type Reference, ref } from "../../plan/plan";
import { type Destination, grpcAction, httpAction, replaceFor, replacesPrefix } from "./actions";
import { versionsOrNone } from "./backends";
import { externalBackendName } from "./external";
import { REDIRECT } from "./gateways";
import { grpcMatches, httpMatches } from "./matches";
import { backendName, backendServiceId, gatewayId, hostsOf, meshId, nameOf } from "./names";
import { projectOf } from "./settings";
import { seconds } from "./units";

const KINDS = { http: "HttpRoute", grpc: "GrpcRoute", tcp: "TcpRoute", tls: "TlsRoute" } as const;
const MAPPINGS = {
  HttpRoute: "httpRoute",
  GrpcRoute: "grpcRoute",
  TcpRoute: "tcpRoute",
  TlsRoute: "tlsRoute",
} as const;

/** Every route of the model; for ports that nothing routes one to all versions; for what lies outside one to it. */
export const routes = (model: Model): PlanResource[] => [
  ...model.routes.map((route) => routeResource(model, route)),
  ...model.services.flatMap((service) => defaults(model, service)),
  ...model.externalServices.flatMap((external) => externalRoutes(model, external)),
  ...model.gateways.flatMap((gateway) => redirectRoutes(model, gateway)),
];

function routeResource(model: Model, route: Route): PlanResource {
  const services = route.parents.filter(({ kind }) => kind === "service");
  const gateways = route.parents.filter(({ kind }) => kind === "gateway");
  const listening = gateways.flatMap((parent) => {
    const gateway = gatewayOf(model, parent);
    const listeners = gateway?.listeners.filter(
      ({ name, port }) =>
        (parent.listener === undefined || name === parent.listener) &&
        (parent.port === undefined || port === parent.port),
    );
    return (listeners ?? []).map((listener) => ({ id: gatewayId(parent, listener.name), listener }));
  });
  const hostnames = unique([
    ...services.flatMap((parent) => hostsFor(model, parent, route.kind)),
    ...route.hostnames,
    ...(gateways.length > 0 && route.hostnames.length === 0
      ? listening.map(({ listener }) => listener.hostname ?? "*")
      : []),
  ]);
  const destinations = route.rules.map((rule) => destinationsOf(model, rule.backends));
  const mirrors = route.rules.map(
    (rule) =>
      rule.filters.mirrors.slice(0, 1).flatMap((mirror) => destinationsOf(model, [{ ...mirror, weight: 1 }]))[0],
  );
  const ports = services.flatMap((parent) =>
    (serviceOf(model, parent)?.ports ?? []).filter(({ port }) => parent.port === undefined || parent.port === port),
  );
  return resource(
    model,
    route,
    KINDS[route.kind],
    `route:${keyOf(route)}`,
    {
      ...(services.length > 0 && { meshes: [ref(meshId(model), "id")] }),
      ...(listening.length > 0 && { gateways: listening.map(({ id }) => ref(id, "id")) }),
      ...((route.kind === "http" || route.kind === "grpc") && { hostnames }),
      rules: route.rules.flatMap((rule, r) =>
        ruleFields(
          route,
          rule,
          destinations[r] ?? [],
          mirrors[r]?.serviceName,
          streamPorts(services, listening, ports),
        ),
      ),
    },
    [
      ...(services.length > 0 ? [meshId(model)] : []),
      ...listening.map(({ id }) => id),
      ...destinations.flat().map(({ serviceName }) => serviceName.$ref),
      ...mirrors.flatMap((mirror) => mirror?.serviceName.$ref ?? []),
    ],
  );
}

function ruleFields(
  route: Route,
  rule: Rule,
  destinations: readonly Destination[],
  mirror: Reference | undefined,
  ports: readonly number[],
): readonly object[] {
  // An answer of its own is an accepted loss: later rules take its requests.
  if (destinations.length === 0 && rule.filters.redirect === undefined) return [];
  switch (route.kind) {
    case "http":
      return byReplacement(rule).map(({ matches, replace }) => ({
        matches,
        action: httpAction(rule, destinations, mirror, replace),
      }));
    case "grpc": {
      const matches = grpcMatches(rule);
      return [{ ...(matches.length > 0 && { matches }), action: grpcAction(rule, destinations) }];
    }
    case "tcp":
      return [
        {
          // Any address; the port is what tells one service's connections from another's.
          matches: ports.map((port) => ({ address: "0.0.0.0/0", port: String(port) })),
          action: { destinations, ...(rule.idleTimeoutMs > 0 && { idleTimeout: seconds(rule.idleTimeoutMs) }) },
        },
      ];
    case "tls":
      return [{ matches: rule.matches.map(({ sni }) => ({ sniHosts: sni })), action: { destinations } }];
  }
}

/** A prefix is written as two matches, and what replaces it differs: such matches stand in rules of their own. */
function byReplacement(rule: Rule) {
  const matches = httpMatches(rule);
  if (!replacesPrefix(rule)) return [{ matches, replace: replaceFor({}) }];
  return matches.map((match) => ({ matches: [match], replace: replaceFor(match) }));
}

const streamPorts = (
  services: readonly Parent[],
  listening: readonly { readonly listener: Listener }[],
  ports: readonly Port[],
): readonly number[] => [
  ...(services.length > 0 ? ports.map(({ port }) => port) : []),
  ...listening.map(({ listener }) => listener.port),
];

const isHttp = ({ protocol }: Port): boolean => protocol === "http" || protocol === "http2";
/** A host name may stand in one route of a mesh only. Only a GrpcRoute's may say the port, so it does where HTTP is served too. */
function hostsFor(model: Model, parent: Parent, kind: Route["kind"]): readonly string[] {
  const service = serviceOf(model, parent);
  if (kind !== "grpc" || service === undefined || !service.ports.some(isHttp)) return hostsOf(parent);
  const numbers = service.ports.filter(({ port }) => parent.port === undefined || parent.port === port);
  return numbers
    .filter(({ protocol }) => protocol === "grpc")
    .flatMap(({ port }) => hostsOf(parent).map((host) => `${host}:${port}`));
}

/** Ports that no route is for: every version takes its share by replicas. */
function defaults(model: Model, service: Service): PlanResource[] {
  const routed = routesFor(model, service).flatMap((route) =>
    route.parents
      .filter((parent) => parent.kind === "service" && keyOf(parent) === keyOf(service))
      .flatMap(({ port }) => port ?? service.ports.map((each) => each.port)),
  );
  const open = service.ports.filter(({ port }) => !routed.includes(port));
  // A host name of HTTP has no port: one HTTP port can be told, further ones are an accepted loss.
  const http = service.ports.find(isHttp);
  const written = open.filter((port) => !isHttp(port) || port === http);
  return written.map((port) => {
    const destinations = destinationsOf(model, [
      { kind: "service", name: service.name, namespace: service.namespace, port: port.port, weight: 1 },
    ]);
    const [first] = service.ports;
    const name = port === first ? service.name : `${service.name}-${port.port}`;
    return resource(
      model,
      { name, namespace: service.namespace },
      kindOf(port),
      `service:${keyOf(service)}`,
      {
        meshes: [ref(meshId(model), "id")],
        ...defaultRule(port, hostsFor(model, parentOf(service, port), kindName(port)), hostsOf(service), destinations),
      },
      [meshId(model), ...destinations.map(({ serviceName }) => serviceName.$ref)],
      "default",
    );
  });
}
const parentOf = (service: Service, { port }: Port): Parent => ({
  path: service.path,
  kind: "service",
  name: service.name,
  namespace: service.namespace,
  port,
});
const kindName = ({ protocol }: Port): Route["kind"] => (protocol === "http2" ? "http" : protocol);
const kindOf = (port: Port): keyof typeof MAPPINGS => KINDS[kindName(port)];

function defaultRule(
  port: Port,
  hostnames: readonly string[],
  names: readonly string[],
  destinations: readonly Destination[],
  addresses: readonly string[] = ["0.0.0.0/0"],
): object {
  const action = { destinations };
  switch (kindName(port)) {
    case "http":
      return { hostnames, rules: [{ matches: [{ prefixMatch: "/" }], action }] };
    case "grpc":
      return { hostnames, rules: [{ action }] };
    case "tls":
      return { rules: [{ matches: [{ sniHosts: names }], action }] };
    case "tcp":
      return { rules: [{ matches: addresses.map((address) => ({ address, port: String(port.port) })), action }] };
  }
}

/** The names outside that the mesh may call lead to their endpoint groups. */
function externalRoutes(model: Model, external: ExternalService): PlanResource[] {
  const addresses = external.addresses
    .filter((address) => !address.includes(":"))
    .map((address) => (address.includes("/") ? address : `${address}/32`));
  return external.ports.map((port) => {
    const destinations = destinationsOf(model, [{ ...external, kind: "external", port: port.port, weight: 1 }]);
    return resource(
      model,
      { name: `${external.name}-${port.port}`, namespace: external.namespace },
      kindOf(port),
      `external:${keyOf(external)}`,
      {
        meshes: [ref(meshId(model), "id")],
        ...defaultRule(
          port,
          external.hosts,
          external.hosts,
          destinations,
          addresses.length > 0 ? addresses : ["0.0.0.0/0"],
        ),
      },
      [meshId(model), ...destinations.map(({ serviceName }) => serviceName.$ref)],
      "external",
    );
  });
}

/** Requests on port 80 of a gateway are sent to https. */
function redirectRoutes(model: Model, gateway: Gateway): PlanResource[] {
  const names = unique(
    gateway.listeners.flatMap(({ tls, hostname }) => (tls?.redirectHttp === true ? [hostname ?? "*"] : [])),
  );
  if (names.length === 0) return [];
  const id = gatewayId(gateway, REDIRECT);
  const action = { redirect: { httpsRedirect: true, responseCode: "MOVED_PERMANENTLY_DEFAULT", stripQuery: false } };
  return [
    resource(
      model,
      { name: gateway.name, namespace: gateway.namespace },
      "HttpRoute",
      `gateway:${keyOf(gateway)}`,
      { gateways: [ref(id, "id")], hostnames: names, rules: [{ matches: [{ prefixMatch: "/" }], action }] },
      [id],
      REDIRECT,
    ),
  ];
}

type Weighted = Pick<RouteBackend, "kind" | "name" | "namespace" | "version" | "port" | "weight">;

/** A backend without a version means all of them, by replicas. */
function destinationsOf(model: Model, backends: readonly Weighted[]): readonly Destination[] {
  return backends.flatMap((backend): Destination[] => {
    if (backend.kind === "external") {
      const external = externalServiceOf(model, backend);
      if (external === undefined) return [];
      return [
        {
          serviceName: ref(backendServiceId(externalBackendName(model, external, backend.port)), "id"),
          weight: backend.weight,
        },
      ];
    }
    const service = serviceOf(model, backend);
    const port = service?.ports.find((each) => each.port === backend.port);
    if (service === undefined || port === undefined) return [];
    const versions = versionsOrNone(service).filter(
      (version) => backend.version === undefined || version?.name === backend.version,
    );
    return versions.map((version) => ({
      serviceName: ref(backendServiceId(backendName(model, service, version, port)), "id"),
      weight: versions.length === 1 ? backend.weight : backend.weight * (version?.workload?.replicas ?? 1),
    }));
  });
}

function resource(
  model: Model,
  of: Ref,
  kind: keyof typeof MAPPINGS,
  owner: string,
  properties: object,
  needs: readonly string[],
  role?: string,
): PlanResource {
  const name = nameOf(model.name, of.namespace, of.name, role);
  return {
    id: `networkservices.${kind}/${of.namespace}/${of.name}${role === undefined ? "" : `/${role}`}`,
    type: `gcp:networkservices/${MAPPINGS[kind]}:${kind}`,
    name,
    properties: { name, ...projectOf(model), ...properties },
    owner,
    dependsOn: unique(needs),
    provider: "gcp",
  };
}
const unique = <T>(items: readonly T[]): readonly T[] => [...new Set(items)];
