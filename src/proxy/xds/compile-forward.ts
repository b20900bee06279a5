/** What a route that forwards does: clusters, rewrites, mirrors, limits. */
import { Fraction } from "../core/fraction";
import {
  ClusterChoice,
  type ForwardAction,
  type MirrorPolicy,
  type StreamLimit,
  type WeightedCluster,
} from "../routing/action";
import { PrefixRewrite, RegexRewrite, type PathRewrite } from "../routing/rewrite";
import type { CompileContext } from "./compile-context";
import { compileHash } from "./compile-hash";
import type { FilterLevel, FilterPlan } from "./compile-filters";
import { compileFraction } from "./compile-fraction";
import { compileHeaderRules, type Level } from "./compile-headers";
import { compileRetry } from "./compile-retry";
import type {
  RegexMatchAndSubstitute,
  Route,
  RouteAction,
  RouteActionRequestMirrorPolicy,
  VirtualHost,
} from "./messages";

/** Envoy's default for a route that says none. */
const defaultTimeout = 15_000;
const statuses = { SERVICE_UNAVAILABLE: 503, NOT_FOUND: 404, INTERNAL_SERVER_ERROR: 500 } as const;

/** Where a route is: what its levels say, the most specific first. */
export interface RouteScope {
  readonly route: Route;
  readonly host: VirtualHost;
  readonly path: string;
  readonly plan: FilterPlan;
  readonly filters: readonly FilterLevel[];
  readonly headers: readonly Level[];
  readonly mostSpecificWins: boolean;
}

export function compileForward(
  action: RouteAction,
  scope: RouteScope,
  context: CompileContext,
): ForwardAction | undefined {
  const { route, host } = scope;
  const path = `${scope.path}.route`;
  context.unserved(`${path}.hedge_policy`, action.hedge_policy?.hedge_on_per_try_timeout === true);
  const retry = action.retry_policy ?? host.retry_policy;
  const clusters = compileClusters(action, scope, context);
  if (clusters === undefined) return undefined;
  return {
    kind: "forward",
    clusters,
    timeout: action.timeout ?? defaultTimeout,
    idleTimeout: action.idle_timeout,
    maxStreamDuration: action.max_stream_duration && streamLimit(action.max_stream_duration),
    retry: retry === undefined ? undefined : compileRetry(retry, `${path}.retry_policy`, context),
    hash: compileHash(action.hash_policy),
    hostRewrite: action.host_rewrite_literal ?? "",
    hostRewriteHeader: action.host_rewrite_header?.toLowerCase() ?? "",
    autoHostRewrite: action.auto_host_rewrite === true,
    rewrite: compileRewrite(route, action.prefix_rewrite, action.regex_rewrite, path, context),
    mirrors: action.request_mirror_policies.map((m, i) =>
      compileMirror(m, `${path}.request_mirror_policies[${i}]`, context),
    ),
    bufferLimit: route.request_body_buffer_limit ?? host.request_body_buffer_limit,
    attemptCount: host.include_request_attempt_count,
    attemptCountInResponse: host.include_attempt_count_in_response,
    clusterNotFoundStatus: statuses[action.cluster_not_found_response_code],
    upgrades: new Map(action.upgrade_configs.map((u) => [u.upgrade_type.toLowerCase(), u.enabled !== false])),
  };
}

function streamLimit(message: NonNullable<RouteAction["max_stream_duration"]>): StreamLimit {
  return { limit: message.max_stream_duration, grpcHeaderMax: message.grpc_timeout_header_max };
}

/** Of `prefix_rewrite` or `regex_rewrite`, as routes and redirects have them. */
export function compileRewrite(
  { match }: Route,
  prefix: string | undefined,
  regex: RegexMatchAndSubstitute | undefined,
  path: string,
  context: CompileContext,
): PathRewrite | undefined {
  if (regex !== undefined)
    return context.try(
      `${path}.regex_rewrite`,
      () => new RegexRewrite(regex.pattern.regex, regex.substitution, context.maxProgramSize),
    );
  if (prefix === undefined || prefix === "") return undefined;
  return new PrefixRewrite((match.prefix ?? match.path ?? match.path_separated_prefix)?.length, prefix);
}

function compileMirror(mirror: RouteActionRequestMirrorPolicy, path: string, context: CompileContext): MirrorPolicy {
  known(mirror.cluster, `${path}.cluster`, context);
  return {
    cluster: mirror.cluster,
    share: compileFraction(mirror.runtime_fraction?.default_value) ?? new Fraction(100, 100),
    shadowSuffix: !mirror.disable_shadow_host_suffix_append,
  };
}

function compileClusters(action: RouteAction, scope: RouteScope, context: CompileContext): ClusterChoice | undefined {
  const path = `${scope.path}.route`;
  if (action.weighted_clusters === undefined) {
    known(action.cluster ?? "", `${path}.cluster`, context);
    return new ClusterChoice([{ name: action.cluster ?? "", weight: 1 }]);
  }
  const { clusters, header_name: headerName } = action.weighted_clusters;
  const shares = clusters.map((share, i): WeightedCluster => {
    const at = `${path}.weighted_clusters.clusters[${i}]`;
    known(share.name, `${at}.name`, context);
    const own: Level = { lists: share, path: at };
    const levels = scope.mostSpecificWins ? [...scope.headers, own] : [own, ...scope.headers];
    const filters: FilterLevel = { configs: share.typed_per_filter_config, path: at };
    return {
      name: share.name,
      weight: share.weight ?? 0,
      headers: compileHeaderRules([own], context) === undefined ? undefined : compileHeaderRules(levels, context),
      hostRewrite: share.host_rewrite_literal,
      filters:
        share.typed_per_filter_config.size === 0
          ? undefined
          : scope.plan.chain([filters, ...scope.filters], scope.host.rate_limits),
    };
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
