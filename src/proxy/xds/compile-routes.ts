import { readFileSync } from "node:fs";
import { ClusterChoice, type HeaderRules, type RouteAction } from "../routing/action";
import type { AppendAction, HeaderMutation } from "../routing/header-mutation";
import { parseRetryOn, type RetryPolicy } from "../routing/retry-policy";
import { Route, RouteTable, type VirtualHost } from "../routing/table";
import type { CompileContext } from "./compile-context";
import { compileConditions, compilePath, matchedPrefix } from "./compile-match";
import type {
  DataSource,
  HeaderValueOption,
  RedirectAction as RedirectMessage,
  RetryPolicy as RetryMessage,
  Route as RouteMessage,
  RouteAction as RouteActionMessage,
  RouteConfiguration,
  VirtualHost as VirtualHostMessage,
} from "./messages";

/** Envoy's default for a route that says none. */
const defaultTimeout = 15_000;
const statuses = {
  SERVICE_UNAVAILABLE: 503,
  NOT_FOUND: 404,
  INTERNAL_SERVER_ERROR: 500,
  MOVED_PERMANENTLY: 301,
  FOUND: 302,
  SEE_OTHER: 303,
  TEMPORARY_REDIRECT: 307,
  PERMANENT_REDIRECT: 308,
} as const;
const actions: Record<HeaderValueOption["append_action"], AppendAction> = {
  APPEND_IF_EXISTS_OR_ADD: "append",
  ADD_IF_ABSENT: "add-if-absent",
  OVERWRITE_IF_EXISTS_OR_ADD: "overwrite",
  OVERWRITE_IF_EXISTS: "overwrite-if-exists",
};

/** The four header lists, as any level has them. */
interface HeaderLists {
  readonly request_headers_to_add: readonly HeaderValueOption[];
  readonly request_headers_to_remove: readonly string[];
  readonly response_headers_to_add: readonly HeaderValueOption[];
  readonly response_headers_to_remove: readonly string[];
}

export function compileRoutes(config: RouteConfiguration, path: string, context: CompileContext): RouteTable {
  context.unserved(
    `${path}.max_direct_response_body_size_bytes`,
    config.max_direct_response_body_size_bytes !== undefined,
  );
  const seen = new Set<string>();
  const hosts = config.virtual_hosts.map((host, i) => {
    const at = `${path}.virtual_hosts[${i}]`;
    for (const domain of host.domains) {
      const key = domain.toLowerCase();
      if (seen.has(key)) context.error(`${at}.domains`, `'${domain}' is another virtual host's domain already`);
      seen.add(key);
    }
    return compileHost(host, config, at, context);
  });
  return new RouteTable(config.name, hosts, config.ignore_port_in_host_matching);
}

function compileHost(
  host: VirtualHostMessage,
  config: RouteConfiguration,
  path: string,
  context: CompileContext,
): VirtualHost {
  context.unserved(`${path}.require_tls`, host.require_tls !== "NONE");
  context.unserved(`${path}.include_request_attempt_count`, host.include_request_attempt_count);
  context.unserved(`${path}.include_attempt_count_in_response`, host.include_attempt_count_in_response);
  context.unserved(`${path}.rate_limits`, host.rate_limits.length > 0);
  context.unserved(`${path}.request_body_buffer_limit`, host.request_body_buffer_limit !== undefined);
  context.unserved(`${path}.typed_per_filter_config`, host.typed_per_filter_config.size > 0);
  const routes = host.routes.map((route, i) => compileRoute(route, host, config, `${path}.routes[${i}]`, context));
  return { name: host.name, domains: host.domains, routes: routes.filter((r) => r !== undefined) };
}

function compileRoute(
  route: RouteMessage,
  host: VirtualHostMessage,
  config: RouteConfiguration,
  path: string,
  context: CompileContext,
): Route | undefined {
  context.unserved(`${path}.request_body_buffer_limit`, route.request_body_buffer_limit !== undefined);
  context.unserved(`${path}.typed_per_filter_config`, route.typed_per_filter_config.size > 0);
  const test = compilePath(route.match, `${path}.match`, context);
  const conditions = compileConditions(route.match, `${path}.match`, context);
  const action = compileAction(route, host, path, context);
  if (test === undefined || action === undefined) return undefined;
  // The most specific level first, unless the most specific is to win, and so comes last.
  const levels: HeaderLists[] = [route, host, config];
  if (config.most_specific_header_mutations_wins) levels.reverse();
  return new Route(route.name, test, conditions, action, compileHeaderRules(levels));
}

export function compileHeaderRules(levels: readonly HeaderLists[]): HeaderRules | undefined {
  const rules: HeaderRules = {
    request: levels.flatMap((l) => mutations(l.request_headers_to_add, l.request_headers_to_remove)),
    response: levels.flatMap((l) => mutations(l.response_headers_to_add, l.response_headers_to_remove)),
  };
  return rules.request.length + rules.response.length === 0 ? undefined : rules;
}

function mutations(add: readonly HeaderValueOption[], remove: readonly string[]): HeaderMutation[] {
  return [
    ...remove.map((name) => ({ remove: name.toLowerCase() })),
    ...add
      .filter((option) => option.header.value !== "" || option.keep_empty_value)
      .map((option) => ({
        name: option.header.key.toLowerCase(),
        // Bytes as Envoy writes them: the configuration's UTF-8, one character a byte.
        value: Buffer.from(option.header.value, "utf8").toString("latin1"),
        action: actions[option.append_action],
      })),
  ];
}

function compileAction(
  route: RouteMessage,
  host: VirtualHostMessage,
  path: string,
  context: CompileContext,
): RouteAction | undefined {
  if (route.direct_response !== undefined) {
    const { status, body } = route.direct_response;
    const text = body === undefined ? "" : dataSource(body, `${path}.direct_response.body`, context);
    return { kind: "direct", status, body: Buffer.from(text, "utf8").toString("latin1") };
  }
  if (route.redirect !== undefined) return compileRedirect(route, route.redirect, path, context);
  if (route.route !== undefined) return compileForward(route, route.route, host, `${path}.route`, context);
  context.error(path, "has no action: one of route, redirect or direct_response");
  return undefined;
}

function compileRedirect(
  route: RouteMessage,
  redirect: RedirectMessage,
  path: string,
  context: CompileContext,
): RouteAction {
  context.unserved(`${path}.redirect.regex_rewrite`, redirect.regex_rewrite !== undefined);
  return {
    kind: "redirect",
    status: statuses[redirect.response_code],
    scheme: redirect.scheme_redirect ?? (redirect.https_redirect === true ? "https" : ""),
    host: redirect.host_redirect,
    port: redirect.port_redirect,
    path: redirect.path_redirect ?? "",
    prefixRewrite: redirect.prefix_rewrite,
    matchedPrefix: matchedPrefix(route.match),
    stripQuery: redirect.strip_query,
  };
}

function compileForward(
  route: RouteMessage,
  action: RouteActionMessage,
  host: VirtualHostMessage,
  path: string,
  context: CompileContext,
): RouteAction | undefined {
  context.unserved(`${path}.max_stream_duration`, action.max_stream_duration !== undefined);
  context.unserved(`${path}.regex_rewrite`, action.regex_rewrite !== undefined);
  context.unserved(`${path}.host_rewrite_header`, action.host_rewrite_header !== undefined);
  context.unserved(`${path}.auto_host_rewrite`, action.auto_host_rewrite === true);
  context.unserved(`${path}.request_mirror_policies`, action.request_mirror_policies.length > 0);
  context.unserved(`${path}.hash_policy`, action.hash_policy.length > 0);
  context.unserved(`${path}.hedge_policy`, action.hedge_policy?.hedge_on_per_try_timeout === true);
  const retry = action.retry_policy ?? host.retry_policy;
  const clusters = compileClusters(action, path, context);
  if (clusters === undefined) return undefined;
  return {
    kind: "forward",
    clusters,
    timeout: action.timeout ?? defaultTimeout,
    idleTimeout: action.idle_timeout,
    retry: retry === undefined ? undefined : compileRetry(retry, `${path}.retry_policy`, context),
    hostRewrite: action.host_rewrite_literal ?? "",
    prefixRewrite: action.prefix_rewrite === "" ? undefined : action.prefix_rewrite,
    matchedPrefix: matchedPrefix(route.match),
    clusterNotFoundStatus: statuses[action.cluster_not_found_response_code],
    upgrades: new Map(action.upgrade_configs.map((u) => [u.upgrade_type.toLowerCase(), u.enabled !== false])),
  };
}

function compileClusters(action: RouteActionMessage, path: string, context: CompileContext): ClusterChoice | undefined {
  if (action.weighted_clusters === undefined) {
    known(action.cluster ?? "", `${path}.cluster`, context);
    return new ClusterChoice([{ name: action.cluster ?? "", weight: 1 }]);
  }
  const { clusters, header_name: headerName } = action.weighted_clusters;
  const shares = clusters.map((share, i) => {
    const at = `${path}.weighted_clusters.clusters[${i}]`;
    known(share.name, `${at}.name`, context);
    context.unserved(at, compileHeaderRules([share]) !== undefined);
    context.unserved(`${at}.host_rewrite_literal`, share.host_rewrite_literal !== undefined);
    context.unserved(`${at}.typed_per_filter_config`, share.typed_per_filter_config.size > 0);
    return { name: share.name, weight: share.weight ?? 0 };
  });
  if (shares.reduce((sum, s) => sum + s.weight, 0) === 0) {
    context.error(`${path}.weighted_clusters`, "Sum of weights in the weighted_cluster must be greater than 0.");
    return undefined;
  }
  return new ClusterChoice(shares, headerName?.toLowerCase() ?? "");
}

function known(name: string, path: string, context: CompileContext): void {
  if (!context.clusters.has(name)) context.error(path, `route: unknown cluster '${name}'`);
}

function compileRetry(retry: RetryMessage, path: string, context: CompileContext): RetryPolicy {
  context.unserved(`${path}.per_try_idle_timeout`, retry.per_try_idle_timeout !== undefined);
  context.unserved(`${path}.rate_limited_retry_back_off`, retry.rate_limited_retry_back_off !== undefined);
  context.unserved(`${path}.retriable_headers`, retry.retriable_headers.length > 0);
  context.unserved(`${path}.retriable_request_headers`, retry.retriable_request_headers.length > 0);
  const { bits, unknown } = parseRetryOn(retry.retry_on);
  for (const word of unknown) context.error(`${path}.retry_on`, `'${word}' is not a retry condition`);
  const base = retry.retry_back_off?.base_interval ?? 25;
  const max = retry.retry_back_off?.max_interval ?? base * 10;
  if (max < base)
    context.error(
      `${path}.retry_back_off`,
      "retry_policy.max_interval must greater than or equal to the base_interval",
    );
  return {
    on: bits,
    numRetries: retry.num_retries ?? 1,
    perTryTimeout: retry.per_try_timeout ?? 0,
    backOffBase: Math.max(base, 1),
    backOffMax: Math.max(max, 1),
    statusCodes: retry.retriable_status_codes,
    avoidPreviousHosts: retry.retry_host_predicate.length > 0,
    hostSelectionAttempts: retry.host_selection_retry_max_attempts,
  };
}

function dataSource(source: DataSource, path: string, context: CompileContext): string {
  if (source.inline_string !== undefined) return source.inline_string;
  const { filename } = source;
  if (filename === undefined) return "";
  return context.try(`${path}.filename`, () => readFileSync(filename, "utf8")) ?? "";
}
