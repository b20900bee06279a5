import { externalServiceOf, gatewayOf, routesFor, serviceOf } from "../../model/lookup";
import {
  keyOf,
  type Model,
  type Port,
  type Ref,
  type Route,
  type RouteBackend,
  type Rule,
  type Service,
} from "../../model/model";
import { type PlanResource, type Reference, ref } from "../../plan/plan";
import { type Destination, grpcAction, httpAction } from "./actions";
import { versionsOrNone } from "./backends";
import { externalBackendName } from "./external";
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

/** Every route of the model, and for what nothing routes a route to all versions. */
export const routes = (model: Model): PlanResource[] => [
  ...model.routes.map((route) => routeResource(model, route)),
  ...model.services
    .filter((service) => routesFor(model, service).length === 0)
    .flatMap((service) => defaults(model, service)),
];

function routeResource(model: Model, route: Route): PlanResource {
  const services = route.parents.filter(({ kind }) => kind === "service");
  const gateways = route.parents.filter(({ kind }) => kind === "gateway");
  const listeners = gateways.flatMap(
    (parent) =>
      gatewayOf(model, parent)?.listeners.filter(
        ({ name }) => parent.listener === undefined || name === parent.listener,
      ) ?? [],
  );
  const hostnames = unique([
    ...services.flatMap(hostsOf),
    ...route.hostnames,
    ...(gateways.length > 0 && route.hostnames.length === 0 ? listeners.map(({ hostname }) => hostname ?? "*") : []),
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
      ...(gateways.length > 0 && { gateways: gateways.map((parent) => ref(gatewayId(parent), "id")) }),
      ...((route.kind === "http" || route.kind === "grpc") && { hostnames }),
      rules: route.rules.map((rule, r) =>
        ruleFields(route, rule, destinations[r] ?? [], mirrors[r]?.serviceName, ports),
      ),
    },
    [
      ...(services.length > 0 ? [meshId(model)] : []),
      ...gateways.map(gatewayId),
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
  ports: readonly Port[],
): object {
  switch (route.kind) {
    case "http":
      return { matches: httpMatches(rule), action: httpAction(rule, destinations, mirror) };
    case "grpc": {
      const matches = grpcMatches(rule);
      return { ...(matches.length > 0 && { matches }), action: grpcAction(rule, destinations) };
    }
    case "tcp":
      return {
        // Any address; the port is what tells one service's connections from another's.
        matches: ports.map(({ port }) => ({ address: "0.0.0.0/0", port: String(port) })),
        action: { destinations, ...(rule.idleTimeoutMs > 0 && { idleTimeout: seconds(rule.idleTimeoutMs) }) },
      };
    case "tls":
      return { matches: rule.matches.map(({ sni }) => ({ sniHosts: sni })), action: { destinations } };
  }
}

/** Nothing routes this service: every version takes its share by replicas. */
function defaults(model: Model, service: Service): PlanResource[] {
  const [http, ...others] = service.ports.filter(
    ({ protocol }) => protocol === "http" || protocol === "http2" || protocol === "grpc",
  );
  const streams = service.ports.filter(({ protocol }) => protocol === "tcp" || protocol === "tls");
  const owner = `service:${keyOf(service)}`;
  const of = (port: Port) =>
    destinationsOf(model, [
      { kind: "service", name: service.name, namespace: service.namespace, port: port.port, weight: 1 },
    ]);
  const needs = (port: Port): readonly string[] => [
    meshId(model),
    ...of(port).map(({ serviceName }) => serviceName.$ref),
  ];
  const meshes = [ref(meshId(model), "id")];
  const kind = http?.protocol === "grpc" ? "GrpcRoute" : "HttpRoute";
  return [
    ...(http === undefined
      ? []
      : [
          resource(
            model,
            service,
            kind,
            owner,
            {
              meshes,
              hostnames: hostsOf(service),
              rules: [
                {
                  ...(kind === "HttpRoute" && { matches: [{ prefixMatch: "/" }] }),
                  action: { destinations: of(http) },
                },
              ],
            },
            needs(http),
          ),
        ]),
    // A name stands in one route of the mesh only, so further ports are told apart by name and port.
    ...others.map((port) =>
      resource(
        model,
        { ...service, name: `${service.name}-${port.port}` },
        port.protocol === "grpc" ? "GrpcRoute" : "HttpRoute",
        owner,
        {
          meshes,
          hostnames: hostsOf(service).map((host) => `${host}:${port.port}`),
          rules: [
            {
              ...(port.protocol !== "grpc" && { matches: [{ prefixMatch: "/" }] }),
              action: { destinations: of(port) },
            },
          ],
        },
        needs(port),
      ),
    ),
    ...streams.map((port) =>
      resource(
        model,
        { ...service, name: `${service.name}-${port.port}` },
        "TcpRoute",
        owner,
        {
          meshes,
          rules: [{ matches: [{ address: "0.0.0.0/0", port: String(port.port) }], action: { destinations: of(port) } }],
        },
        needs(port),
      ),
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
): PlanResource {
  const name = nameOf(model.name, of.namespace, of.name);
  return {
    id: `networkservices.${kind}/${of.namespace}/${of.name}`,
    type: `gcp:networkservices/${MAPPINGS[kind]}:${kind}`,
    name,
    properties: { name, ...projectOf(model), ...properties },
    owner,
    dependsOn: unique(needs),
    provider: "gcp",
  };
}
const unique = <T>(items: readonly T[]): readonly T[] => [...new Set(items)];
