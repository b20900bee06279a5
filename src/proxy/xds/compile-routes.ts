import type { RouteAction } from "../routing/action";
import { Route } from "../routing/route";
import { RouteIndex } from "../routing/route-index";
import { RouteTable, type VirtualHost } from "../routing/table";
import type { CompileContext } from "./compile-context";
import type { FilterLevel, FilterPlan } from "./compile-filters";
import { compileForward, compileRewrite, type RouteScope } from "./compile-forward";
import { compileHeaderRules, type Level } from "./compile-headers";
import { compileConditions, compilePath } from "./compile-match";
import type { Steps } from "./steps";
import { dataSource } from "./data-source";
import type {
  RedirectAction as RedirectMessage,
  Route as RouteMessage,
  RouteConfiguration,
  VirtualHost as VirtualHostMessage,
} from "./messages";

/** Envoy's default for the bodies of direct responses. */
const maxDirectBody = 4096;
const redirects = {
  MOVED_PERMANENTLY: 301,
  FOUND: 302,
  SEE_OTHER: 303,
  TEMPORARY_REDIRECT: 307,
  PERMANENT_REDIRECT: 308,
} as const;
const requireTls = { NONE: undefined, EXTERNAL_ONLY: "external", ALL: "all" } as const;

/** Yields between two routes. */
export function* compileRoutes(
  config: RouteConfiguration,
  plan: FilterPlan,
  path: string,
  context: CompileContext,
): Steps<RouteTable> {
  const seen = new Set<string>();
  const hosts: VirtualHost[] = [];
  for (const [i, host] of config.virtual_hosts.entries()) {
    const at = `${path}.virtual_hosts[${i}]`;
    for (const domain of host.domains) {
      const key = domain.toLowerCase();
      if (seen.has(key)) context.error(`${at}.domains`, `'${domain}' is another virtual host's domain already`);
      seen.add(key);
    }
    hosts.push(yield* compileHost(host, config, plan, at, path, context));
  }
  return new RouteTable(config.name, hosts, config.ignore_port_in_host_matching);
}

function* compileHost(
  host: VirtualHostMessage,
  config: RouteConfiguration,
  plan: FilterPlan,
  path: string,
  tablePath: string,
  context: CompileContext,
): Steps<VirtualHost> {
  const hostFilters: FilterLevel = { configs: host.typed_per_filter_config, path };
  const above: Level[] = [
    { lists: host, path },
    { lists: config, path: tablePath },
  ];
  const routes = new RouteIndex();
  for (const [i, route] of host.routes.entries()) {
    const at = `${path}.routes[${i}]`;
    // The most specific level first, unless the most specific is to win, and so comes last.
    const levels: Level[] = [{ lists: route, path: at }, ...above];
    const scope: RouteScope = {
      route,
      host,
      path: at,
      plan,
      filters: [{ configs: route.typed_per_filter_config, path: at }, hostFilters],
      headers: config.most_specific_header_mutations_wins ? levels.reverse() : levels,
      mostSpecificWins: config.most_specific_header_mutations_wins,
    };
    const compiled = compileRoute(scope, config.max_direct_response_body_size_bytes ?? maxDirectBody, context);
    if (compiled !== undefined) routes.add(compiled);
    yield;
  }
  return {
    name: host.name,
    domains: host.domains,
    routes,
    requireTls: requireTls[host.require_tls],
  };
}

function compileRoute(scope: RouteScope, maxBody: number, context: CompileContext): Route | undefined {
  const { route, host, path, plan } = scope;
  const test = compilePath(route.match, `${path}.match`, context);
  const conditions = compileConditions(route.match, `${path}.match`, context);
  const action = compileAction(scope, maxBody, context);
  const filters = plan.chain(scope.filters, host.rate_limits);
  if (test === undefined || action === undefined) return undefined;
  const headers = compileHeaderRules(scope.headers, context);
  const metadata = route.metadata && Object.fromEntries([...route.metadata.filter_metadata]);
  return new Route(route.name, test, conditions, action, headers, filters, metadata);
}

function compileAction(scope: RouteScope, maxBody: number, context: CompileContext): RouteAction | undefined {
  const { route, path } = scope;
  if (route.direct_response !== undefined) {
    const { status, body } = route.direct_response;
    const at = `${path}.direct_response.body`;
    const text = Buffer.from(body === undefined ? "" : dataSource(body, at, context), "utf8");
    if (text.length > maxBody) context.error(at, `response body size is ${text.length} bytes; maximum is ${maxBody}`);
    return { kind: "direct", status, body: text.toString("latin1") };
  }
  if (route.redirect !== undefined) return compileRedirect(route, route.redirect, `${path}.redirect`, context);
  if (route.route !== undefined) return compileForward(route.route, scope, context);
  context.error(path, "has no action: one of route, redirect or direct_response");
  return undefined;
}

function compileRedirect(
  route: RouteMessage,
  redirect: RedirectMessage,
  path: string,
  context: CompileContext,
): RouteAction {
  return {
    kind: "redirect",
    status: redirects[redirect.response_code],
    scheme: redirect.scheme_redirect ?? (redirect.https_redirect === true ? "https" : ""),
    host: redirect.host_redirect,
    port: redirect.port_redirect,
    path: redirect.path_redirect ?? "",
    rewrite: compileRewrite(route, redirect.prefix_rewrite, redirect.regex_rewrite, path, context),
    stripQuery: redirect.strip_query,
  };
}
