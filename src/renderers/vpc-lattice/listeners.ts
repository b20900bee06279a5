import { effectiveMtls, portOf } from "../../model/lookup";
import { keyOf, type Model, type Port, type Route, type Rule, type Service, type Version } from "../../model/model";
import { type PlanResource, type Reference, ref } from "../../plan/plan";
import { routeOf } from "../attached";
import { byReplicas, sharesOf, versionsOrNone, wholeWeights } from "../shares";
import { matchesOf, takesAll } from "./matches";
import { listenerId, listenerName, ruleName, serviceId, targetGroupId } from "./names";
import { latticePorts, spoken } from "./protocols";

interface WeightedGroup {
  readonly targetGroupIdentifier: Reference;
  readonly weight: number;
}
const HEAVIEST = 999;
const NOT_FOUND = { fixedResponse: { statusCode: 404 } };

/** A listener a port, its rules in the order written (a lower priority is tried first), and what takes the rest. */
export const listeners = (model: Model, service: Service): PlanResource[] =>
  latticePorts(service).flatMap((port) => listenerOf(model, service, port));

function listenerOf(model: Model, service: Service, port: Port): PlanResource[] {
  const route = routeOf(model, service, port);
  const { rules, rest } = split(route);
  const groups = route === undefined ? everyVersion(service, port) : rest === undefined ? [] : weighted(model, rest);
  const listener: PlanResource = {
    id: listenerId(service, port),
    type: "aws:vpclattice/listener:Listener",
    name: `${keyOf(service)}/${port.port}`,
    properties: {
      name: listenerName(port),
      serviceIdentifier: ref(serviceId(service), "id"),
      port: port.port,
      protocol: protocolOf(model, service, port),
      defaultAction:
        groups.length > 0 ? { forwards: [{ targetGroups: groups }] } : rest === undefined ? NOT_FOUND : answer(rest),
    },
    owner: `service:${keyOf(service)}`,
    dependsOn: [serviceId(service), ...groups.map((group) => group.targetGroupIdentifier.$ref)],
    provider: "aws",
  };
  if (route === undefined) return [listener];
  const kind = route.kind === "grpc" ? "grpc" : "http";
  let priority = 0;
  const made = rules.flatMap((rule, index) =>
    matchesOf(rule, kind).map((match, m) =>
      ruleOf(model, service, port, route, { rule, match, priority: ++priority, key: `${index}/${m}` }),
    ),
  );
  return [listener, ...made];
}

/** The rules before the first that takes everything, and that one: a request that none takes is answered 404. */
function split(route: Route | undefined): { readonly rules: readonly Rule[]; readonly rest: Rule | undefined } {
  if (route === undefined) return { rules: [], rest: undefined };
  // What is passed through unread has a default action only.
  if (route.kind === "tls" || route.kind === "tcp") return { rules: [], rest: route.rules[0] };
  const kind = route.kind;
  const last = route.rules.findIndex((rule) => takesAll(rule, kind));
  if (last === -1) return { rules: route.rules, rest: undefined };
  return { rules: route.rules.slice(0, last), rest: route.rules[last] };
}

interface Made {
  readonly rule: Rule;
  readonly match: object;
  readonly priority: number;
  readonly key: string;
}

function ruleOf(model: Model, service: Service, port: Port, route: Route, made: Made): PlanResource {
  const { rule, match, priority, key } = made;
  const groups = weighted(model, rule);
  const listener = listenerId(service, port);
  return {
    id: `vpclattice.ListenerRule/${keyOf(service)}/${port.port}/${route.name}/${key}`,
    type: "aws:vpclattice/listenerRule:ListenerRule",
    name: `${keyOf(service)}/${port.port}/${route.name}/${key}`,
    properties: {
      name: ruleName(route, key),
      serviceIdentifier: ref(serviceId(service), "id"),
      listenerIdentifier: ref(listener, "listenerId"),
      priority,
      match,
      action: groups.length === 0 ? answer(rule) : { forward: { targetGroups: groups } },
    },
    owner: `route:${keyOf(route)}`,
    dependsOn: [listener, ...groups.map((group) => group.targetGroupIdentifier.$ref)],
    provider: "aws",
  };
}

/** Lattice answers 404 or 500 by itself. */
const answer = (rule: Rule): object =>
  rule.filters.directResponse?.status === 500 ? { fixedResponse: { statusCode: 500 } } : NOT_FOUND;

/** Passed through, or encrypted up to the service network unless mTLS is off; gRPC needs HTTPS in any case. */
function protocolOf(model: Model, service: Service, port: Port): string {
  if (port.protocol === "tls") return "TLS_PASSTHROUGH";
  const off = versionsOrNone(service).every((version) => effectiveMtls(model, service, port, version) === "DISABLE");
  return off && spoken(model, service, port) !== "grpc" ? "HTTP" : "HTTPS";
}

/** Nothing routes the port: every version takes its share by replicas. */
function everyVersion(service: Service, port: Port): readonly WeightedGroup[] {
  const replicas = service.versions.reduce((sum, { workload }) => sum + (workload?.replicas ?? 1), 0);
  return whole(byReplicas(service, replicas || 1).map((each) => ({ ...each, service, port })));
}

function weighted(model: Model, rule: Rule): readonly WeightedGroup[] {
  return whole(
    sharesOf(model, rule).flatMap((target) => {
      // What lies outside, or speaks plain TCP, has no target group of ours: an accepted loss.
      if ("external" in target) return [];
      const port = portOf(target.service, target.port);
      return port === undefined || port.protocol === "tcp" ? [] : [{ ...target, port }];
    }),
  );
}

type Group = { readonly service: Service; readonly version: Version | undefined; readonly port: Port; share: number };
function whole(groups: readonly Group[]): readonly WeightedGroup[] {
  const weights = wholeWeights(
    groups.map(({ share }) => share),
    { each: HEAVIEST },
  );
  return groups.map(({ service, version, port }, i) => ({
    targetGroupIdentifier: ref(targetGroupId(service, version, port), "id"),
    weight: weights[i] ?? 0,
  }));
}
