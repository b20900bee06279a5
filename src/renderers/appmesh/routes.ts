import { routesFor, serviceOf } from "../../model/lookup";
import { keyOf, type Model, type Port, type Ref, type Route, type Rule, type Service } from "../../model/model";
import { type PlanResource, ref } from "../../plan/plan";
import { grpcMatches, httpMatches } from "./matches";
import {
  externalNodeName,
  meshId,
  nodeId,
  nodeName,
  routerId,
  routerName,
  virtualServiceId,
  virtualServiceName,
} from "./names";
import { versionsOrNone } from "./nodes";
import { retryPolicy } from "./retries";
import { protocolOf } from "./traffic";
import { duration, weights } from "./units";
import { externalServiceOf } from "../../model/lookup";

/** The virtual service of a mesh service: a router with its routes, or, where nothing routes, its only node. */
export function serviceRoutes(model: Model, service: Service): PlanResource[] {
  const router = virtualRouter(model, service, service.ports, `service:${keyOf(service)}`);
  const attached = routesFor(model, service);
  const routes =
    attached.length > 0
      ? attached.flatMap((route) => routesOf(model, router, route, portsOf(service, route)))
      : service.ports.map((port) => defaultRoute(model, router, service, port));
  return [
    router,
    ...routes,
    virtualService(model, virtualServiceName(model, service), router, routes, `service:${keyOf(service)}`),
  ];
}

/** Ports of the service that a route is attached to. */
const portsOf = (service: Service, route: Route): readonly Port[] => {
  const named = route.parents.filter((parent) => parent.kind === "service" && keyOf(parent) === keyOf(service));
  return service.ports.filter((port) => named.some((parent) => parent.port === undefined || parent.port === port.port));
};

export function virtualRouter(
  model: Model,
  owner: Ref,
  ports: readonly Port[],
  piece: string,
  suffix = "",
): PlanResource {
  const name = `${routerName(owner)}${suffix}`;
  return {
    id: routerId(name),
    type: "aws:appmesh/virtualRouter:VirtualRouter",
    name,
    properties: {
      name,
      meshName: ref(meshId(model), "name"),
      spec: {
        listeners: ports.map((port) => ({ portMapping: { port: port.port, protocol: protocolOf(port.protocol) } })),
      },
    },
    owner: piece,
    dependsOn: [meshId(model)],
    provider: "aws",
  };
}

export function virtualService(
  model: Model,
  name: string,
  router: PlanResource,
  routes: readonly PlanResource[],
  owner: string,
): PlanResource {
  return {
    id: virtualServiceId(name),
    type: "aws:appmesh/virtualService:VirtualService",
    name,
    properties: {
      name,
      meshName: ref(meshId(model), "name"),
      spec: { provider: { virtualRouter: { virtualRouterName: ref(router.id, "name") } } },
    },
    owner,
    dependsOn: [router.id, ...routes.map((route) => route.id)],
    provider: "aws",
  };
}

/** Nothing routes this port: every version gets its share by replicas. */
function defaultRoute(model: Model, router: PlanResource, service: Service, port: Port): PlanResource {
  const versions = versionsOrNone(service);
  const replicas = versions.map((version) => version?.workload?.replicas ?? 1);
  const shares = weights(replicas.some((count) => count > 0) ? replicas : replicas.map(() => 1));
  const targets = versions.map((version, i) => ({
    virtualNode: nodeName(service, version),
    weight: shares[i] ?? 0,
    port: port.targetPort,
  }));
  const protocol = protocolOf(port.protocol);
  const spec =
    protocol === "tcp"
      ? { tcpRoute: { match: { port: port.port }, action: { weightedTargets: targets } } }
      : {
          [`${protocol}Route`]: {
            match: { ...(protocol !== "grpc" && { prefix: "/" }), port: port.port },
            action: { weightedTargets: targets },
            ...timeouts(0, 0),
          },
        };
  return resource(model, router, `${router.name}-${port.name}-default`, spec, targets, `service:${keyOf(service)}`);
}

/** One App Mesh route for every match of every rule and port, in the order written: a lower priority is tried first. */
export function routesOf(model: Model, router: PlanResource, route: Route, ports: readonly Port[]): PlanResource[] {
  let priority = 0;
  return route.rules.flatMap((rule, r) => {
    const targets = targetsOf(model, rule);
    // A rule that only redirects or answers has no target; App Mesh can say neither.
    if (targets.length === 0) return [];
    return ports.flatMap((port) =>
      specs(route, rule, port, targets).map((spec, m) =>
        resource(
          model,
          router,
          `${router.name}-${route.name}-${r}-${port.port}-${m}`,
          { ...spec, priority: priority++ },
          targets,
          `route:${keyOf(route)}`,
        ),
      ),
    );
  });
}

interface Target {
  readonly virtualNode: string;
  readonly weight: number;
  readonly port?: number;
}

export function targetsOf(model: Model, rule: Rule): readonly Target[] {
  const shares = weights(rule.backends.map((backend) => backend.weight));
  return rule.backends.flatMap((backend, i): Target[] => {
    const weight = shares[i] ?? 0;
    if (backend.kind === "external") {
      const external = externalServiceOf(model, backend);
      const [host] = external?.hosts ?? [];
      return external === undefined || host === undefined
        ? []
        : [{ virtualNode: externalNodeName(external, host), weight, port: backend.port }];
    }
    const service = serviceOf(model, backend);
    if (service === undefined) return [];
    const port = service.ports.find((each) => each.port === backend.port)?.targetPort ?? backend.port;
    const chosen = versionsOrNone(service).filter(
      (version) => backend.version === undefined || version?.name === backend.version,
    );
    // A backend without a version means all of them, by replicas.
    const replicas = weights(chosen.map((version) => version?.workload?.replicas ?? 1));
    const total = replicas.reduce((sum, count) => sum + count, 0);
    return chosen.map((version, v) => ({
      virtualNode: nodeName(service, version),
      weight: chosen.length === 1 || total === 0 ? weight : Math.round((weight * (replicas[v] ?? 0)) / total),
      port,
    }));
  });
}

function specs(route: Route, rule: Rule, port: Port, targets: readonly Target[]): readonly object[] {
  const action = { weightedTargets: targets };
  if (route.kind === "tcp" || route.kind === "tls")
    return [
      {
        tcpRoute: {
          match: { port: port.port },
          action,
          ...(rule.idleTimeoutMs > 0 && { timeout: { idle: duration(rule.idleTimeoutMs) } }),
        },
      },
    ];
  const common = { action, ...timeouts(rule.timeoutMs, rule.idleTimeoutMs) };
  if (route.kind === "grpc")
    return grpcMatches(rule).map((match) => ({
      grpcRoute: {
        match: { ...match, port: port.port },
        ...common,
        ...retryPolicy(rule.retries, rule.timeoutMs, "grpc"),
      },
    }));
  const key = protocolOf(port.protocol) === "http2" ? "http2Route" : "httpRoute";
  return httpMatches(rule).map((match) => ({
    [key]: { match: { ...match, port: port.port }, ...common, ...retryPolicy(rule.retries, rule.timeoutMs, "http") },
  }));
}

/** Both always written: App Mesh would cut off at 15 s. 0 is no limit. */
const timeouts = (requestMs: number, idleMs: number): object => ({
  timeout: { perRequest: duration(requestMs), idle: duration(idleMs) },
});

function resource(
  model: Model,
  router: PlanResource,
  name: string,
  spec: object,
  targets: readonly Target[],
  owner: string,
): PlanResource {
  return {
    id: `appmesh.Route/${name}`,
    type: "aws:appmesh/route:Route",
    name,
    properties: {
      name,
      meshName: ref(meshId(model), "name"),
      virtualRouterName: ref(router.id, "name"),
      spec,
    },
    owner,
    // The nodes exist before a route names them, and go after the last route that did.
    dependsOn: [router.id, ...new Set(targets.map((target) => nodeId(target.virtualNode)))],
    provider: "aws",
  };
}
