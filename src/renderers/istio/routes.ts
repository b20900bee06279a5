import type { Finding } from "../../model/finding";
import { keyOf, type Model, type Rule, type Route } from "../../model/model";
import { formatDuration } from "../../model/units";
import type { PlanResource } from "../../plan/plan";
import { defined, idOf } from "../k8s-resource";
import { type Attachment, attachmentsOf } from "./attachments";
import { type Context, EVERYWHERE, istioResource } from "./context";
import { destinationNeeds, weighted } from "./destinations";
import { filterFields, filterFindings } from "./filters";
import { finding } from "./findings";
import { httpMatch, matchesOf, matchFindings, pathForms, writable } from "./matches";
import { ownerOf } from "./names";
import { httpRetry } from "./retries";
import { redirect, rewrite } from "./rewrites";
import { tcpFindings, tcpRoutes, tlsRoutes } from "./tcp";

type Fields = Readonly<Record<string, unknown>>;

/** The VirtualServices of a route. */
export function virtualServices(context: Context, route: Route): PlanResource[] {
  const owner = ownerOf("route", route);
  return attachmentsOf(context, route).flatMap((attachment) => {
    const routes = protocolRoutes(context, route, attachment);
    if (routes === undefined) return [];
    const spec = {
      ...(attachment.gateways === undefined ? {} : { gateways: attachment.gateways }),
      hosts: attachment.hosts,
      ...routes,
      ...EVERYWHERE,
    };
    const ref = { name: attachment.name, namespace: route.namespace };
    return [istioResource(context, "VirtualService", ref, spec, owner, needsOf(context, route, attachment))];
  });
}

/** Undefined where no rule is left that Istio can write. */
function protocolRoutes(context: Context, route: Route, { ports }: Attachment): Fields | undefined {
  const entries =
    route.kind === "tcp"
      ? tcpRoutes(context, route, ports)
      : route.kind === "tls"
        ? tlsRoutes(context, route, ports)
        : route.rules.flatMap((rule) => httpRoutes(context, rule, route.kind, ports));
  return entries.length === 0 ? undefined : { [route.kind === "grpc" ? "http" : route.kind]: entries };
}

function needsOf(context: Context, route: Route, { gateways = [] }: Attachment): string[] {
  const targets = route.rules.flatMap((rule) => [...rule.backends, ...rule.filters.mirrors]);
  const doors = gateways.map((gateway) => {
    const [namespace = "", name = ""] = gateway.split("/");
    return idOf("Gateway", name, namespace);
  });
  return [...new Set([...doors, ...targets.map((target) => destinationNeeds(context, target))])];
}

/**
 * A rule as HTTPRoutes. One is enough unless it replaces a matched prefix: then what replaces it depends on the form
 * of the match, and neighbours that say the same share one.
 */
function httpRoutes(context: Context, rule: Rule, kind: Route["kind"], ports: Attachment["ports"]): Fields[] {
  const { filters } = rule;
  const shared = defined({ ...answer(context, rule), ...filterFields(context, filters) });
  const plain = filters.redirect === undefined && filters.rewrite === undefined;
  const groups: { key: string; own: Fields; match: (Fields | undefined)[] }[] = [];
  for (const match of matchesOf(rule).filter(writable)) {
    const matchedPrefix = match.uri?.kind === "prefix";
    for (const path of pathForms(match, kind)) {
      const own = plain
        ? {}
        : defined({
            redirect: filters.redirect && redirect(path, matchedPrefix, filters.redirect),
            rewrite: rewrite(path, matchedPrefix, filters.rewrite),
          });
      const key = plain ? "" : JSON.stringify(own);
      const fields = httpMatch(context.model, match, kind, path);
      const last = groups.at(-1);
      if (last?.key === key) last.match.push(fields);
      else groups.push({ key, own, match: [fields] });
    }
  }
  return groups.map(({ own, match }) => defined({ name: rule.name, match: atPorts(match, ports), ...own, ...shared }));
}

/** No list of matches takes everything, as does one empty match in it. */
export function atPorts(
  matches: readonly (Fields | undefined)[],
  ports: Attachment["ports"],
): readonly Fields[] | undefined {
  if (ports !== undefined) return matches.flatMap((match) => ports.map((port) => ({ ...match, port })));
  return matches.includes(undefined) ? undefined : (matches as readonly Fields[]);
}

/** Timeout and retries belong to what is forwarded. No timeout is Istio's own default, and its schema refuses 0s. */
function answer(context: Context, rule: Rule): Fields {
  const { directResponse, redirect: redirection } = rule.filters;
  if (redirection !== undefined) return {};
  if (directResponse !== undefined) {
    const { status, body } = directResponse;
    return { directResponse: { status, ...(body === "" ? {} : { body: { string: body } }) } };
  }
  return {
    route: weighted(context, rule.backends),
    timeout: rule.timeoutMs > 0 ? formatDuration(rule.timeoutMs) : undefined,
    retries: httpRetry(rule.retries),
  };
}

export function routeFindings(model: Model): Finding[] {
  return model.routes.flatMap((route) => [
    ...tcpFindings(model, route),
    ...route.rules.flatMap((rule) => [
      ...rule.matches.flatMap(matchFindings),
      ...filterFindings(rule),
      ...redirectFindings(rule),
    ]),
  ]);
}

const redirectFindings = ({ filters, matches }: Rule): Finding[] =>
  filters.redirect?.pathPrefix !== undefined && matches.some(({ uri }) => uri?.kind === "regex")
    ? [
        finding(
          "MESH2106",
          `${filters.redirect.path}.prefix`,
          "a regular expression matches no prefix that Istio could replace in a redirect",
          "Match a prefix, or redirect to a full path.",
        ),
      ]
    : [];

/** The routes that take a service's HTTP traffic, by the service's key. */
export function routesByService(model: Model): ReadonlyMap<string, readonly Route[]> {
  const found = new Map<string, Route[]>();
  for (const route of model.routes) {
    if (route.kind !== "http" && route.kind !== "grpc") continue;
    for (const parent of route.parents) {
      if (parent.kind !== "service") continue;
      const key = keyOf(parent);
      const list = found.get(key);
      if (list === undefined) found.set(key, [route]);
      else if (!list.includes(route)) list.push(route);
    }
  }
  return found;
}
