import { versionOf } from "../../model/lookup";
import { keyOf, type Parent, type Ref, type Route, type RouteBackend, type Rule } from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import { idOf } from "../k8s-resource";
import { type Attachment, attachmentsOf, portsOf } from "./attachments";
import { type Context, linkerdResource } from "./context";
import { gatewayDuration } from "./durations";
import { filtersOf } from "./filters";
import { grpcMatch, httpMatch, pathOf } from "./matches";
import { versionServiceOf } from "./names";
import { EVERYTHING } from "./precedence";
import { divide, type Written } from "./route-resources";

type Fields = Readonly<Record<string, unknown>>;
const ROOT = { kind: "prefix", value: "/", ignoreCase: false } as const;

/** Routes attached to services. Linkerd has no ingress, so parents that are gateways are an accepted loss. */
export const routeResources = (context: Context, route: Route): PlanResource[] =>
  attachmentsOf(context.model, route).flatMap((attachment) => {
    if (route.kind === "tcp" || route.kind === "tls") return [streamRoute(context, route, attachment)];
    return requestRoutes(context, route, attachment, route.kind);
  });

/** Route names hold no dots, so `cart.1` and `cart.shop` are nobody else's. */
const nameIn = (route: Route, namespace: string): string =>
  namespace === route.namespace ? route.name : `${route.name}.${route.namespace}`;

function requestRoutes(
  context: Context,
  route: Route,
  { namespace, parents, rules }: Attachment,
  kind: "http" | "grpc",
): PlanResource[] {
  const name = nameIn(route, namespace);
  const hostnames = route.hostnames.length === 0 ? [] : hostnamesOf(context, route, parents);
  const resources = divide(rules, kind).resources.map((group, g) =>
    linkerdResource(context, {
      kind: kind === "grpc" ? "GRPCRoute" : "HTTPRoute",
      ref: { name: g === 0 ? name : `${name}.${g}`, namespace },
      spec: {
        parentRefs: parents.flatMap((parent) => parentRefs(context, parent)),
        ...(hostnames.length > 0 && { hostnames }),
        rules: group.rules.flatMap((written) => ruleFields(context, written, kind)),
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
  // A rule leaves the first resource only when the other that takes it over stands.
  const [first, ...others] = resources;
  if (first === undefined) return [];
  return [...others, { ...first, dependsOn: [...first.dependsOn, ...others.map(({ id }) => id)] }];
}

/** Host names narrow what a route takes, so those of its services stand among them. */
export function hostnamesOf({ settings }: Context, route: Route, parents: readonly Parent[]): readonly string[] {
  const own = parents.flatMap(({ name, namespace }) => [
    name,
    `${name}.${namespace}`,
    `${name}.${namespace}.svc`,
    `${name}.${namespace}.svc.${settings.clusterDomain}`,
  ]);
  return [...new Set([...route.hostnames, ...own])];
}

/** A parent Service always carries its port: without one the admission webhook refuses the route. */
const parentRefs = (context: Context, parent: Parent): readonly Fields[] =>
  portsOf(context.model, parent).map((port) => ({
    group: "",
    kind: "Service",
    name: parent.name,
    namespace: parent.namespace,
    port,
  }));

function ruleFields(context: Context, { rule, matches }: Written, kind: "http" | "grpc"): readonly Fields[] {
  const rendered = matches.map(kind === "grpc" ? grpcMatch : httpMatch);
  const rest = {
    ...(rule.backends.length > 0 && { backendRefs: backendRefs(context, rule) }),
    ...(kind === "http" && rule.timeoutMs > 0 && { timeouts: { request: gatewayDuration(rule.timeoutMs) } }),
  };
  // Gateway API wants one match, a prefix, in a rule that replaces prefixes.
  if (rule.filters.redirect?.pathPrefix !== undefined)
    return (matches.length === 0 ? [EVERYTHING] : matches).map((match) => ({
      matches: [{ ...httpMatch(match), ...(match.uri === undefined && pathOf(ROOT)) }],
      filters: filtersOf(rule, match),
    }));
  const filters = filtersOf(rule, matches[0] ?? EVERYTHING);
  // No match takes everything.
  return [{ ...(rendered.length > 0 && { matches: rendered }), ...(filters.length > 0 && { filters }), ...rest }];
}

const backendRefs = (context: Context, rule: Rule): readonly Fields[] =>
  rule.backends.flatMap((backend) => {
    // A route of a Service leads to Services only: an external backend is an accepted loss.
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
function streamRoute(context: Context, route: Route, { namespace, parents, rules }: Attachment): PlanResource {
  const [rule] = rules;
  const names = rule?.matches.flatMap((match) => match.sni) ?? [];
  return linkerdResource(context, {
    kind: route.kind === "tls" ? "TLSRoute" : "TCPRoute",
    ref: { name: nameIn(route, namespace), namespace },
    spec: {
      parentRefs: parents.flatMap((parent) => parentRefs(context, parent)),
      ...(route.kind === "tls" && names.length > 0 && { hostnames: names }),
      rules: rule === undefined ? [] : [{ backendRefs: backendRefs(context, rule) }],
    },
    owner: `route:${keyOf(route)}`,
    dependsOn: [...needs(context, parents, rules.slice(0, 1), namespace)],
  });
}
