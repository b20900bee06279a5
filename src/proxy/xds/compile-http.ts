import type { EscapedSlashes, HttpConfig } from "../http/config";
import type { CompileContext } from "./compile-context";
import { CidrRange } from "../authz/cidr";
import { FilterPlan } from "./compile-filters";
import { compileRoutes } from "./compile-routes";
import { compileTracing } from "./compile-tracing";
import type { HttpConnectionManager, Listener } from "./messages";
import type { Steps } from "./steps";

/** Envoy's defaults, in milliseconds and bytes. */
const defaults = {
  streamIdle: 300_000,
  idle: 3_600_000,
  drain: 5000,
  delayedClose: 1000,
  headKiB: 60,
  headers: 100,
  buffer: 1024 * 1024,
};

const routerType = "envoy.extensions.filters.http.router.v3.Router";

export function* compileHttp(
  manager: HttpConnectionManager,
  listener: Listener,
  path: string,
  context: CompileContext,
): Steps<HttpConfig | undefined> {
  const { services } = context;
  refuse(manager, path, context);
  const router = manager.http_filters.at(-1)?.typed_config;
  if (router?.["@type"] !== routerType)
    context.error(`${path}.http_filters`, "must end with envoy.filters.http.router");
  if (manager.route_config === undefined) {
    if (manager.rds === undefined) context.error(path, "has no routes: one of route_config or rds");
    return undefined;
  }
  const stats = services.downstreamStats(manager.stat_prefix);
  const plan = new FilterPlan(manager.http_filters, `${path}.http_filters`, stats, context);
  const routes = yield* compileRoutes(manager.route_config, plan, `${path}.route_config`, context);
  const logs = [...manager.access_log, ...listener.access_log];
  const observers = logs.map((log, i) => context.try(`${path}.access_log[${i}]`, () => services.accessLog(log)));
  const tracing = compileTracing(manager.tracing, listener, `${path}.tracing`, context);
  const common = manager.common_http_protocol_options;
  const certificate = manager.set_current_client_cert_details;
  return {
    statPrefix: manager.stat_prefix,
    stats,
    routes,
    filters: plan.base,
    observers: [...observers, tracing].filter((o) => o !== undefined),
    tracing,
    serverName: manager.server_name === "" ? "envoy" : manager.server_name,
    serverHeader: manager.server_header_transformation,
    trailers: manager.http_protocol_options?.enable_trailers === true,
    scheme: manager.scheme_header_transformation?.scheme_to_overwrite ?? "",
    generateRequestId: manager.generate_request_id !== false,
    preserveExternalRequestId: manager.preserve_external_request_id,
    alwaysSetRequestIdInResponse: manager.always_set_request_id_in_response,
    suppressEnvoyHeaders: router?.["@type"] === routerType && router.suppress_envoy_headers,
    stripPort: manager.strip_any_host_port === true,
    requestTimeout: manager.request_timeout ?? 0,
    maxConnectionDuration: common?.max_connection_duration ?? 0,
    drainTimeout: manager.drain_timeout ?? defaults.drain,
    delayedCloseTimeout: manager.delayed_close_timeout ?? defaults.delayedClose,
    normalizePath: manager.normalize_path === true,
    mergeSlashes: manager.merge_slashes,
    escapedSlashes: escapedSlashes(manager),
    limits: {
      headBytes: (manager.max_request_headers_kb ?? defaults.headKiB) * 1024,
      headers: common?.max_headers_count ?? defaults.headers,
    },
    headersTimeout: manager.request_headers_timeout ?? 0,
    streamIdleTimeout: manager.stream_idle_timeout ?? defaults.streamIdle,
    maxStreamDuration: common?.max_stream_duration ?? 0,
    idleTimeout: common?.idle_timeout ?? defaults.idle,
    maxRequestsPerConnection: common?.max_requests_per_connection ?? 0,
    useRemoteAddress: manager.use_remote_address === true,
    skipXffAppend: manager.skip_xff_append,
    trustedHops: manager.xff_num_trusted_hops,
    internalRanges: (manager.internal_address_config?.cidr_ranges ?? [])
      .map((range, i) =>
        context.try(
          `${path}.internal_address_config.cidr_ranges[${i}]`,
          () => new CidrRange(range.address_prefix, range.prefix_len ?? 0),
        ),
      )
      .filter((range) => range !== undefined),
    forwardClientCert: manager.forward_client_cert_details,
    certDetails: {
      subject: certificate?.subject === true,
      uri: certificate?.uri === true,
      dns: certificate?.dns === true,
    },
    underscores: common?.headers_with_underscores_action ?? "ALLOW",
    acceptHttp10: manager.http_protocol_options?.accept_http_10 === true,
    defaultHostForHttp10: manager.http_protocol_options?.default_host_for_http_10 ?? "",
    upgrades: new Set(
      manager.upgrade_configs.filter((u) => u.enabled !== false).map((u) => u.upgrade_type.toLowerCase()),
    ),
    bufferLimit: listener.per_connection_buffer_limit_bytes ?? defaults.buffer,
    listener: listener.name,
    direction: listener.traffic_direction === "UNSPECIFIED" ? "" : listener.traffic_direction.toLowerCase(),
  };
}

function escapedSlashes(manager: HttpConnectionManager): EscapedSlashes {
  const action = manager.path_with_escaped_slashes_action;
  return action === "IMPLEMENTATION_SPECIFIC_DEFAULT" ? "KEEP_UNCHANGED" : action;
}

/** What is in the subset and not served yet. */
function refuse(manager: HttpConnectionManager, path: string, context: CompileContext): void {
  const unserved = (field: string, present: boolean): void => context.unserved(`${path}.${field}`, present);
  const http1 = manager.http_protocol_options;
  const certificate = manager.set_current_client_cert_details;
  unserved("codec_type", manager.codec_type === "HTTP2");
  unserved("rds", manager.rds !== undefined);
  unserved("http_protocol_options.allow_chunked_length", http1?.allow_chunked_length === true);
  unserved("http_protocol_options.allow_absolute_url", http1?.allow_absolute_url === false);
  unserved("http2_protocol_options", manager.http2_protocol_options !== undefined);
  unserved("proxy_100_continue", manager.proxy_100_continue);
  unserved("set_current_client_cert_details.cert", certificate?.cert === true);
  unserved("set_current_client_cert_details.chain", certificate?.chain === true);
}
