import { serviceOf, versionOf } from "../../model/lookup";
import {
  keyOf,
  type Labels,
  type Match,
  type Parent,
  type Ref,
  type Route,
  type RouteBackend,
  type Rule,
} from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import { idOf } from "../k8s-resource";
import { type Context, linkerdResource } from "./context";
import { gatewayDuration } from "./durations";
import { filtersOf } from "./filters";
import { grpcMatches, httpMatches } from "./matches";
import { versionServiceOf } from "./names";
import { inWrittenOrder, type Ordered } from "./precedence";
import { annotationsOf } from "./retries";

type Fields = Readonly<Record<string, unknown>>;

/** Gateway API's limits on one resource (v1.2.1). */
export const MOST_RULES = 16;
export const MOST_MATCHES = 64;

/** Routes attached to services. Linkerd has no ingress, so parents that are gateways are an accepted loss. */
export function routeResources(context: Context, route: Route): PlanResource[] {
  const parents = route.parents.filter((parent) => parent.kind === "service");
  if (parents.length === 0) return [];
  if (route.kind === "tcp" || route.kind === "tls") return [streamRoute(context, route, parents)];
  const producers = route.rules.filter((rule) => rule.matches.every((match) => match.source?.namespace === undefined));
  const namespaces = new Set(
    route.rules.flatMap((rule) => rule.matches.flatMap((match) => match.source?.namespace ?? [])),
  );
  return [
    ...groups(context, route, parents, producers, route.namespace),
    // A consumer route takes the place of the producer's for its whole namespace, so it repeats the other rules.
    ...[...namespaces].flatMap((namespace) =>
      groups(context, route, parents, seenFrom(route.rules, namespace), namespace),
    ),
  ];
}

const seenFrom = (rules: readonly Rule[], namespace: string): readonly Rule[] =>
  rules.flatMap((rule) => {
    const matches = rule.matches.filter((match) => (match.source?.namespace ?? namespace) === namespace);
    return rule.matches.length > 0 && matches.length === 0 ? [] : [{ ...rule, matches }];
  });

/** Rules that share their annotations share a resource; the order written is kept by `inWrittenOrder`. */
function groups(
  context: Context,
  route: Route,
  parents: readonly Parent[],
  rules: readonly Rule[],
  namespace: string,
): PlanResource[] {
  const kind = route.kind === "grpc" ? "grpc" : "http";
  const byAnnotations = new Map<string, { annotations: Labels; rules: Ordered[] }>();
  for (const ordered of inWrittenOrder(rules).ordered) {
    const annotations = annotationsOf(ordered.rule, kind);
    const key = JSON.stringify(annotations);
    const group = byAnnotations.get(key);
    if (group === undefined) byAnnotations.set(key, { annotations, rules: [ordered] });
    else group.rules.push(ordered);
  }
  return [...byAnnotations.values()].map((group, g) =>
    linkerdResource(context, {
      kind: kind === "grpc" ? "GRPCRoute" : "HTTPRoute",
      ref: { name: g === 0 ? route.name : `${route.name}-${g}`, namespace },
      spec: {
        parentRefs: parents.flatMap((parent) => parentRefs(context, parent)),
        ...(route.hostnames.length > 0 && { hostnames: route.hostnames }),
        rules: group.rules.map((ordered) => ruleFields(context, ordered, kind)),
      },
      owner: `route:${keyOf(route)}`,
      dependsOn: [
        ...needs(
          context,
          parents,
          group.rules.map(({ rule }) => rule),
          namespace,
        ),
      ],
      ...(Object.keys(group.annotations).length > 0 && { annotations: group.annotations }),
    }),
  );
}

/** A parent Service always carries its port: without one the admission webhook refuses the route. */
function parentRefs(context: Context, parent: Parent): readonly Fields[] {
  const ports =
    parent.port === undefined ? (serviceOf(context.model, parent)?.ports ?? []).map(({ port }) => port) : [parent.port];
  return ports.map((port) => ({ group: "", kind: "Service", name: parent.name, namespace: parent.namespace, port }));
}

function ruleFields(context: Context, { rule, matches }: Ordered, kind: "http" | "grpc"): Fields {
  const rendered = matches.flatMap((match: Match) => (kind === "grpc" ? grpcMatches(match) : httpMatches(match)));
  const meaningful = rendered.filter((match) => Object.keys(match).length > 0);
  const filters = filtersOf(rule.filters);
  return {
    // One match without a condition takes everything, and so does none at all.
    ...(meaningful.length === rendered.length && { matches: meaningful }),
    ...(filters.length > 0 && { filters }),
    ...(rule.backends.length > 0 && { backendRefs: backendRefs(context, rule) }),
    ...(kind === "http" && rule.timeoutMs > 0 && { timeouts: { request: gatewayDuration(rule.timeoutMs) } }),
  };
}

const backendRefs = (context: Context, rule: Rule): readonly Fields[] =>
  rule.backends.flatMap((backend) => {
    // What lies outside is reached through the EgressNetwork's own routes.
    if (backend.kind === "external") return [];
    const { name, namespace } = backendService(context, backend);
    return [{ group: "", kind: "Service", name, namespace, port: backend.port, weight: backend.weight }];
  });

function backendService({ model }: Context, backend: RouteBackend): Ref {
  const version = backend.version === undefined ? undefined : versionOf(model, backend, backend.version);
  return version === undefined ? backend : versionServiceOf(backend, version);
}

/** The Services that a route names exist before it. */
function needs(context: Context, parents: readonly Parent[], rules: readonly Rule[], namespace: string): Set<string> {
  const named = [
    ...parents,
    ...rules.flatMap((rule) =>
      rule.backends.filter(({ kind }) => kind === "service").map((backend) => backendService(context, backend)),
    ),
  ];
  return new Set([...context.needs(namespace), ...named.map((ref) => idOf("Service", ref.name, ref.namespace))]);
}

/** TCP and TLS routes have a single rule; a TLS route's server names are its hostnames. */
function streamRoute(context: Context, route: Route, parents: readonly Parent[]): PlanResource {
  const [rule] = route.rules;
  const names = rule?.matches.flatMap((match) => match.sni) ?? [];
  return linkerdResource(context, {
    kind: route.kind === "tls" ? "TLSRoute" : "TCPRoute",
    ref: route,
    spec: {
      parentRefs: parents.flatMap((parent) => parentRefs(context, parent)),
      ...(route.kind === "tls" && names.length > 0 && { hostnames: names }),
      rules: rule === undefined ? [] : [{ backendRefs: backendRefs(context, rule) }],
    },
    owner: `route:${keyOf(route)}`,
    dependsOn: [...needs(context, parents, route.rules.slice(0, 1), route.namespace)],
  });
}
