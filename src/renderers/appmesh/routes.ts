import { portOf } from "../../model/lookup";
import { keyOf, type Model, type Port, type Route, type Rule, type Service } from "../../model/model";
import { type PlanResource, ref } from "../../plan/plan";
import { routeOf } from "../attached";
import { byReplicas, sharesOf, wholeWeights } from "../shares";
import { furtherNames } from "./backends";
import { grpcMatches, httpMatches } from "./matches";
import { externalName, meshId, nodeId, nodeName, routerName, virtualServiceName } from "./names";
import { type AppMeshProtocol, protocolOf } from "./protocols";
import { retryPolicy } from "./retries";
import { type RouterPort, virtualRouter, virtualService } from "./routers";
import { duration, MOST_WEIGHT } from "./units";

interface Target {
  readonly virtualNode: string;
  readonly weight: number;
  readonly port: number;
}

/** The virtual service of a mesh service: a router with what routes say of each port, or all nodes where none does. */
export function serviceRoutes(model: Model, service: Service): PlanResource[] {
  const owner = `service:${keyOf(service)}`;
  const ports = service.ports.map((port) => ({ port: port.port, protocol: protocolOf(model, service, port) }));
  const router = virtualRouter(model, routerName(service), ports, owner);
  const routes: PlanResource[] = [];
  for (const port of service.ports) {
    const protocol = protocolOf(model, service, port);
    const route = routeOf(model, service, port);
    if (route === undefined)
      routes.push(defaultRoute(model, router, port, protocol, routes.length, byVersion(service, port), owner));
    else routes.push(...ruleRoutes(model, router, route, { port: port.port, protocol }, routes.length));
  }
  const names = [virtualServiceName(model, service), ...furtherNames(model, service)];
  return [router, ...routes, ...names.map((name) => virtualService(model, name, router, routes, owner))];
}

/** Nothing routes this port: every version gets its share by replicas. */
function byVersion(service: Service, port: Port): readonly Target[] {
  const targets = byReplicas(
    service,
    service.versions.reduce((sum, each) => sum + (each.workload?.replicas ?? 1), 0) || 1,
  );
  const weights = wholeWeights(
    targets.map(({ share }) => share),
    { total: MOST_WEIGHT },
  );
  return targets.map(({ version }, i) => ({
    virtualNode: nodeName(service, version),
    weight: weights[i] ?? 0,
    port: port.targetPort,
  }));
}

/** Everything that comes to a port, with timeouts and retries written out: none. */
export function defaultRoute(
  model: Model,
  router: PlanResource,
  port: Port,
  protocol: AppMeshProtocol,
  priority: number,
  targets: readonly Target[],
  owner: string,
): PlanResource {
  const name = `${router.name}_${port.port}_default`;
  const action = { weightedTargets: targets };
  const match = { port: port.port, ...((protocol === "http" || protocol === "http2") && { prefix: "/" }) };
  const spec =
    protocol === "tcp"
      ? { tcpRoute: { match, action } }
      : { [`${protocol}Route`]: { match, action, ...limits(undefined, protocol) } };
  return resource(model, router, name, { ...spec, priority }, targets, owner);
}

/** One App Mesh route for every match of every rule, in the order written: a lower priority is tried first. */
export function ruleRoutes(
  model: Model,
  router: PlanResource,
  route: Route,
  port: RouterPort,
  firstPriority: number,
): PlanResource[] {
  let priority = firstPriority;
  // Of a stream nothing can be asked, so its first rule takes all.
  const rules = port.protocol === "tcp" ? route.rules.slice(0, 1) : route.rules;
  return rules.flatMap((rule, r) => {
    const targets = targetsOf(model, rule);
    // A rule that only redirects or answers has no target; App Mesh can say neither.
    if (targets.length === 0) return [];
    return specs(rule, port, targets).map((spec, m) => {
      const name = `${router.name}_${route.name}_${port.port}_${r}_${m}`;
      return resource(model, router, name, { ...spec, priority: priority++ }, targets, `route:${keyOf(route)}`);
    });
  });
}

export function targetsOf(model: Model, rule: Rule): readonly Target[] {
  const shared = sharesOf(model, rule);
  const weights = wholeWeights(
    shared.map(({ share }) => share),
    { total: MOST_WEIGHT },
  );
  return shared.flatMap((target, i): Target[] => {
    const weight = weights[i] ?? 0;
    if (!("external" in target))
      return [
        {
          virtualNode: nodeName(target.service, target.version),
          weight,
          port: portOf(target.service, target.port)?.targetPort ?? target.port,
        },
      ];
    const [host] = target.external.hosts;
    return host === undefined ? [] : [{ virtualNode: externalName(target.external, host), weight, port: target.port }];
  });
}

function specs(rule: Rule, { port, protocol }: RouterPort, targets: readonly Target[]): readonly object[] {
  const action = { weightedTargets: targets };
  if (protocol === "tcp") {
    const timeout = rule.idleTimeoutMs > 0 ? { timeout: { idle: duration(rule.idleTimeoutMs) } } : {};
    return [{ tcpRoute: { match: { port }, action, ...timeout } }];
  }
  const matches = protocol === "grpc" ? grpcMatches(rule) : httpMatches(rule);
  return matches.map((match) => ({
    [`${protocol}Route`]: { match: { ...match, port }, action, ...limits(rule, protocol) },
  }));
}

/** Always written: App Mesh would cut off at 15 s, and retry. 0 is no limit. */
const limits = (rule: Rule | undefined, protocol: AppMeshProtocol): object => ({
  timeout: { perRequest: duration(rule?.timeoutMs ?? 0), idle: duration(rule?.idleTimeoutMs ?? 0) },
  ...retryPolicy(rule?.retries, rule?.timeoutMs ?? 0, protocol === "grpc" ? "grpc" : "http"),
});

const resource = (
  model: Model,
  router: PlanResource,
  name: string,
  spec: object,
  targets: readonly Target[],
  owner: string,
): PlanResource => ({
  id: `appmesh.Route/${name}`,
  type: "aws:appmesh/route:Route",
  name,
  properties: { name, meshName: ref(meshId(model), "name"), virtualRouterName: ref(router.id, "name"), spec },
  owner,
  // The nodes exist before a route names them, and go after the last route that did.
  dependsOn: [router.id, ...new Set(targets.map((target) => nodeId(target.virtualNode)))],
  provider: "aws",
});
