import { externalServiceOf, routesFor, serviceOf } from "../../model/lookup";
import {
  type Filters,
  keyOf,
  type Match,
  type Mirror,
  type Model,
  type Ref,
  type Route,
  type RouteBackend,
  type Rule,
} from "../../model/model";
import { Kept } from "../kept";
import { shares, type Share } from "./clusters";
import { isServed } from "./engine";
import { duration, fraction, type Message, present } from "./envoy";
import { headerChange, perRoute } from "./filters";
import { hashPolicies } from "./hashing";
import { anything, routeMatch, writable } from "./matches";
import { outboundCluster } from "./names";
import { retryPolicy } from "./retries";
import { redirect, rewrite } from "./rewrites";

/** Who sends the requests: rules that name a source hold only for it. The plain client belongs to no service. */
export type Caller = Ref | undefined;
/** A gateway calls in its namespace's name, and is no service. */
export const gatewayCaller = ({ namespace }: Ref): Caller => ({ name: "", namespace });

/** The routes that a service's callers follow at one of its ports. */
export const routesTo = (model: Model, callee: Ref, port: number): Route[] =>
  routesFor(model, callee).filter((route) =>
    route.parents.some(
      (p) => p.kind === "service" && keyOf(p) === keyOf(callee) && (p.port === undefined || p.port === port),
    ),
  );

/** The clusters of a backend, whose weights add up to the backend's own. */
function backendShares(model: Model, backend: RouteBackend): Share[] {
  const service = backend.kind === "service" ? serviceOf(model, backend) : undefined;
  const port = service?.ports.find((p) => p.port === backend.port);
  const spoken = port ?? externalServiceOf(model, backend)?.ports.find((p) => p.port === backend.port);
  if (spoken !== undefined && !isServed(model, spoken)) return [];
  if (service === undefined || port === undefined)
    return [{ cluster: outboundCluster(backend, backend.port), weight: backend.weight }];
  const parts = shares(model, service, port, backend.version);
  const [only] = parts;
  return parts.length === 1 && only !== undefined
    ? [{ ...only, weight: backend.weight }]
    : parts.map((part) => ({
        ...part,
        weight: part.weight * backend.weight,
      }));
}

/** `cluster` for one, `weighted_clusters` for several; undefined where all weights are 0, which Envoy refuses. */
export function destination(model: Model, backends: readonly RouteBackend[]): Message | undefined {
  const all = backends.flatMap((backend) => backendShares(model, backend));
  if (all.every((share) => share.weight === 0)) return undefined;
  if (all.length === 1) return { cluster: all[0]?.cluster };
  return { weighted_clusters: { clusters: all.map((s) => ({ name: s.cluster, weight: s.weight })) } };
}

/** Copies go to what is served. */
const copied = (model: Model, { mirrors }: Filters): readonly Mirror[] =>
  mirrors.filter((m) => serviceOf(model, m)?.ports.every((p) => p.port !== m.port || isServed(model, p)) !== false);

const mirror = (m: Mirror): Message => ({
  cluster: outboundCluster(m, m.port, m.version),
  runtime_fraction: { default_value: fraction(m.percent) },
  disable_shadow_host_suffix_append: true,
});

/** No backend can take the request: said at once, as where no host is healthy. */
const nowhere: Message = { direct_response: { status: 503, body: { inline_string: "no destination has a weight" } } };

function action(model: Model, rule: Rule, match: Parameters<typeof rewrite>[0]): Message {
  const { filters } = rule;
  if (filters.redirect !== undefined) return { redirect: redirect(match, filters.redirect) };
  if (filters.directResponse !== undefined)
    return {
      direct_response: {
        status: filters.directResponse.status,
        body: { inline_string: filters.directResponse.body },
      },
    };
  const to = destination(model, rule.backends);
  if (to === undefined) return nowhere;
  const mirrors = copied(model, filters);
  const balanced = rule.backends.flatMap((b) => serviceOf(model, b)?.traffic.loadBalancing ?? [])[0];
  const hashes = balanced === undefined ? [] : hashPolicies(balanced);
  return {
    route: present({
      ...to,
      timeout: duration(rule.timeoutMs),
      idle_timeout: rule.idleTimeoutMs > 0 ? duration(rule.idleTimeoutMs) : undefined,
      retry_policy: retryPolicy(rule.retries),
      ...(filters.rewrite === undefined ? {} : rewrite(match, filters.rewrite)),
      request_mirror_policies: mirrors.length > 0 ? mirrors.map(mirror) : undefined,
      hash_policy: hashes.length > 0 ? hashes : undefined,
    }),
  };
}

/** Whether a match may hold for this caller at all. */
function fromCaller(match: Rule["matches"][number], caller: Caller): boolean {
  const source = match.source;
  if (source === undefined) return true;
  if (caller === undefined) return false;
  if (source.service !== undefined && keyOf(source.service) !== keyOf(caller)) return false;
  return source.namespace === undefined || source.namespace === caller.namespace;
}

/** A rule as Envoy routes, one a match, in the order written. */
export function ruleRoutes(model: Model, route: Route, rule: Rule, caller: Caller): Message[] {
  const all = made.of([model], rule, () => routesOf(model, route, rule));
  return all.filter(({ match }) => fromCaller(match, caller)).map(({ message }) => message);
}

interface Made {
  readonly match: Match;
  readonly message: Message;
}
const made = new Kept<readonly Made[]>();

/** For every caller: what they share is the same objects. */
function routesOf(model: Model, route: Route, rule: Rule): Made[] {
  const kind = route.kind === "grpc" ? "grpc" : "http";
  const matches = rule.matches.length > 0 ? rule.matches : [anything(rule)];
  return matches.filter(writable).map((match) => ({
    match,
    message: {
      name: `${route.namespace}/${route.name}${rule.name === undefined ? "" : `/${rule.name}`}`,
      match: routeMatch(match, kind),
      ...action(model, rule, match),
      ...headerChange("request", rule.filters.requestHeaders),
      ...headerChange("response", rule.filters.responseHeaders),
      ...perRoute(rule.filters),
    },
  }));
}

/** A service without routes takes everything, unlimited and unretried, in any of its versions. */
function defaultRoute(model: Model, callee: Ref, port: number): Message {
  const everything: RouteBackend = {
    ...callee,
    path: "",
    kind: serviceOf(model, callee) ? "service" : "external",
    port,
    weight: 1,
  };
  return {
    name: "default",
    match: { prefix: "/" },
    route: {
      ...(destination(model, [everything]) ?? { cluster: outboundCluster(callee, port) }),
      timeout: duration(0),
    },
  };
}

/** What a caller's listener for a service does with a request. The listener is the service's own, so any Host is its. */
export function routeConfiguration(model: Model, callee: Ref, port: number, caller: Caller): Message {
  const routes = routesTo(model, callee, port).filter((route) => route.kind === "http" || route.kind === "grpc");
  const entries = routes.flatMap((route) => route.rules.flatMap((rule) => ruleRoutes(model, route, rule, caller)));
  return {
    name: outboundCluster(callee, port),
    virtual_hosts: [
      {
        name: `${callee.name}.${callee.namespace}:${port}`,
        domains: ["*"],
        routes: routes.length > 0 ? entries : [defaultRoute(model, callee, port)],
      },
    ],
  };
}
