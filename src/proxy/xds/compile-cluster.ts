import type { ClusterConfig, DnsConfig } from "../upstream/config";
import { compileBalancer } from "./compile-balancer";
import type { CompileContext } from "./compile-context";
import { compileEndpoints } from "./compile-endpoints";
import { compileHealthCheck, compileLimits, compileOutlier } from "./compile-resilience";
import type { Cluster, CommonHttpProtocolOptions, UpstreamProtocolOptions } from "./messages";

const httpOptionsName = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
/** Envoy's `dns_refresh_rate`, which the subset leaves at its default; a record's own lifetime does not count there. */
const dnsRefresh = 5000;
/** Envoy's default for the fields of a response. */
const defaultHeaders = 100;

export function compileCluster(cluster: Cluster, path: string, context: CompileContext): ClusterConfig | undefined {
  context.unserved(`${path}.type`, cluster.type === "EDS");
  context.unserved(`${path}.eds_cluster_config`, cluster.eds_cluster_config !== undefined);
  context.unserved(`${path}.ignore_health_on_host_removal`, cluster.ignore_health_on_host_removal);
  checkCluster(cluster, path, context);
  const choice = compileBalancer(cluster, path, context);
  const options = cluster.typed_extension_protocol_options.get(httpOptionsName);
  const http = options && compileHttpOptions(options, path, context);
  // Clients speak HTTP/1.1 here, so that is what `use_downstream_protocol_config` asks for too.
  const http1 = (options?.explicit_http_config ?? options?.use_downstream_protocol_config)?.http_protocol_options;
  const tls = cluster.transport_socket?.typed_config;
  const secured =
    tls === undefined
      ? undefined
      : context.try(`${path}.transport_socket`, () => context.services.upstreamTls(tls, context.secrets));
  const outlier = cluster.outlier_detection;
  if (choice === undefined) return undefined;
  return {
    name: cluster.name,
    endpoints: compileEndpoints(cluster, `${path}.load_assignment`, context),
    dns: compileDns(cluster),
    connectTimeout: cluster.connect_timeout ?? 5000,
    balancer: choice.balancer,
    limits: compileLimits(cluster, `${path}.circuit_breakers`, context),
    outlier: outlier && compileOutlier(outlier, `${path}.outlier_detection`, context),
    healthCheck: compileHealthCheck(cluster, `${path}.health_checks`, context),
    panicThreshold: cluster.common_lb_config?.healthy_panic_threshold?.value ?? 50,
    overprovisioning: cluster.load_assignment?.policy?.overprovisioning_factor ?? 140,
    localityWeighted: choice.localityWeighted,
    tls: secured,
    trailers: http1?.enable_trailers === true,
    idleTimeout: http?.idle_timeout ?? 3_600_000,
    maxConnectionDuration: http?.max_connection_duration ?? 0,
    maxResponseHeaders: http?.max_headers_count ?? defaultHeaders,
    maxRequestsPerConnection: http?.max_requests_per_connection ?? 0,
    metadata: Object.fromEntries(cluster.metadata?.filter_metadata ?? []),
  };
}

/** What Envoy refuses although every field is well-formed. */
function checkCluster(cluster: Cluster, path: string, context: CompileContext): void {
  const endpoints = cluster.load_assignment?.endpoints ?? [];
  const eds = cluster.type === "EDS";
  if (cluster.load_assignment !== undefined && eds)
    context.error(`${path}.load_assignment`, "must not be set for a cluster of type EDS");
  if (cluster.type === "LOGICAL_DNS" && (endpoints.length !== 1 || endpoints[0]?.lb_endpoints.length !== 1))
    context.error(
      `${path}.load_assignment`,
      "LOGICAL_DNS clusters must have a single locality_lb_endpoint and a single lb_endpoint",
    );
}

function compileDns({ type, dns_lookup_family: family }: Cluster): DnsConfig | undefined {
  if (type !== "STRICT_DNS" && type !== "LOGICAL_DNS") return undefined;
  return { kind: type === "STRICT_DNS" ? "strict" : "logical", family, refresh: dnsRefresh };
}

function compileHttpOptions(
  options: UpstreamProtocolOptions,
  path: string,
  context: CompileContext,
): CommonHttpProtocolOptions | undefined {
  const at = `${path}.typed_extension_protocol_options["${httpOptionsName}"]`;
  const common = options.common_http_protocol_options;
  context.unserved(
    `${at}.explicit_http_config.http2_protocol_options`,
    options.explicit_http_config?.http2_protocol_options !== undefined,
  );
  context.unserved(
    `${at}.use_downstream_protocol_config.http2_protocol_options`,
    options.use_downstream_protocol_config?.http2_protocol_options !== undefined,
  );
  context.unserved(`${at}.auto_config`, options.auto_config !== undefined);
  context.unserved(`${at}.upstream_http_protocol_options`, options.upstream_http_protocol_options !== undefined);
  const commonAt = `${at}.common_http_protocol_options`;
  context.unserved(`${commonAt}.max_stream_duration`, common?.max_stream_duration !== undefined);
  return common;
}
