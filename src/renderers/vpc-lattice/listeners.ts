import { effectiveMtls, routesFor, serviceOf } from "../../model/lookup";
import { keyOf, type Model, type Port, type Route, type Rule, type Service } from "../../model/model";
import { type PlanResource, type Reference, ref } from "../../plan/plan";
import { matchesOf, takesAll } from "./matches";
import { listenerId, listenerName, ruleName, serviceId, targetGroupId } from "./names";
import { latticePorts, versionsOrNone } from "./target-groups";

/** What takes what no rule took: all versions where nothing routes, a rule that takes everything, or nothing. */
type Fallback = Rule | "none" | undefined;

interface WeightedGroup {
  readonly targetGroupIdentifier: Reference;
  readonly weight: number;
}
const HEAVIEST = 999;

/** A listener a port, its rules in the order written (a lower priority is tried first), and what takes the rest. */
export function listeners(model: Model, service: Service): PlanResource[] {
  return latticePorts(service).flatMap((port) => {
    const attached = routesFor(model, service).filter((route) => names(route, service, port));
    const routed = attached.flatMap((route) => route.rules.map((rule, index) => ({ route, rule, index })));
    const last = routed.find(({ rule }) => takesAll(rule));
    const fallback = routed.length === 0 ? undefined : (last?.rule ?? "none");
    const listener: PlanResource = {
      id: listenerId(service, port),
      type: "aws:vpclattice/listener:Listener",
      name: `${service.namespace}-${service.name}-${port.port}`,
      properties: {
        name: listenerName(port),
        serviceIdentifier: ref(serviceId(service), "id"),
        port: port.port,
        protocol: protocolOf(model, service, port),
        defaultAction: defaultAction(model, service, port, fallback),
      },
      owner: `service:${keyOf(service)}`,
      dependsOn: [serviceId(service), ...groupsOf(model, service, port, fallback)],
      provider: "aws",
    };
    const before = last === undefined ? routed : routed.slice(0, routed.indexOf(last));
    let priority = 0;
    const rules = before.flatMap(({ route, rule, index }) =>
      matchesOf(rule, route.kind === "grpc" ? "grpc" : "http").map((match, m): PlanResource => {
        const groups = weighted(model, rule);
        return {
          id: `vpclattice.ListenerRule/${keyOf(service)}/${port.port}/${route.name}/${index}/${m}`,
          type: "aws:vpclattice/listenerRule:ListenerRule",
          name: `${service.namespace}-${service.name}-${port.port}-${route.name}-${index}-${m}`,
          properties: {
            name: ruleName(route, index, m),
            serviceIdentifier: ref(serviceId(service), "id"),
            listenerIdentifier: ref(listener.id, "listenerId"),
            priority: ++priority,
            match,
            action:
              groups.length === 0
                ? { fixedResponse: { statusCode: rule.filters.directResponse?.status === 500 ? 500 : 404 } }
                : { forward: { targetGroups: groups } },
          },
          owner: `route:${keyOf(route)}`,
          dependsOn: [listener.id, ...groups.map((group) => group.targetGroupIdentifier.$ref)],
          provider: "aws",
        };
      }),
    );
    return [listener, ...rules];
  });
}

const names = (route: Route, service: Service, port: Port): boolean =>
  route.parents.some(
    (parent) =>
      parent.kind === "service" &&
      keyOf(parent) === keyOf(service) &&
      (parent.port === undefined || parent.port === port.port),
  );

/** Passed through, or encrypted up to the service network unless mTLS is off; gRPC needs HTTPS in any case. */
function protocolOf(model: Model, service: Service, port: Port): string {
  if (port.protocol === "tls") return "TLS_PASSTHROUGH";
  return port.protocol === "grpc" || effectiveMtls(model, service, port) !== "DISABLE" ? "HTTPS" : "HTTP";
}

/** Without routes every version takes its share by replicas; with routes, what no rule took is answered 404, as elsewhere. */
function defaultAction(model: Model, service: Service, port: Port, rule: Fallback): object {
  if (rule === "none") return { fixedResponse: { statusCode: 404 } };
  const groups = rule === undefined ? byReplicas(service, port, 1) : weighted(model, rule);
  if (groups.length === 0)
    return { fixedResponse: { statusCode: (rule?.filters.directResponse?.status ?? 404) === 500 ? 500 : 404 } };
  return { forwards: [{ targetGroups: groups }] };
}

const groupsOf = (model: Model, service: Service, port: Port, rule: Fallback): readonly string[] =>
  (rule === "none" ? [] : rule === undefined ? byReplicas(service, port, 1) : weighted(model, rule)).map(
    (group) => group.targetGroupIdentifier.$ref,
  );

function weighted(model: Model, rule: Rule): readonly WeightedGroup[] {
  const heaviest = Math.max(...rule.backends.map((backend) => backend.weight), 1);
  const scale = heaviest > HEAVIEST ? HEAVIEST / heaviest : 1;
  return rule.backends.flatMap((backend) => {
    const service = serviceOf(model, backend);
    const port = service?.ports.find((each) => each.port === backend.port);
    // A service outside has no target group of ours: an accepted loss.
    if (service === undefined || port === undefined || port.protocol === "tcp") return [];
    const weight = backend.weight === 0 ? 0 : Math.max(1, Math.round(backend.weight * scale));
    const version = service.versions.find((each) => each.name === backend.version);
    return version === undefined ? byReplicas(service, port, weight) : [group(service, version, port, weight)];
  });
}

function byReplicas(service: Service, port: Port, weight: number): readonly WeightedGroup[] {
  const versions = versionsOrNone(service);
  if (versions.length === 1) return [group(service, versions[0], port, weight)];
  return versions.map((version) =>
    group(service, version, port, Math.min(HEAVIEST, weight * (version?.workload?.replicas ?? 1))),
  );
}

const group = (
  service: Service,
  version: Service["versions"][number] | undefined,
  port: Port,
  weight: number,
): WeightedGroup => ({
  targetGroupIdentifier: ref(targetGroupId(service, version, port), "id"),
  weight,
});
