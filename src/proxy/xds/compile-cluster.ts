import type { BalancerSpec } from "../balancing/policy";
import type { BreakerLimits, ClusterConfig, EndpointConfig, OutlierConfig } from "../upstream/config";
import type { CompileContext } from "./compile-context";
import type {
  Cluster,
  CommonHttpProtocolOptions,
  LoadBalancingPolicy,
  OutlierDetection,
  TypedStruct,
} from "./messages";

const httpOptionsName = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
/** The type that peak EWMA has in Envoy's contrib build; stock Envoy skips a TypedStruct that it does not know. */
const peakEwmaType =
  /^type\.googleapis\.com\/envoy\.extensions\.load_balancing_policies\.peak_ewma\.v3alpha\.PeakEwma$/;

export function compileCluster(cluster: Cluster, path: string, context: CompileContext): ClusterConfig | undefined {
  context.unserved(`${path}.type`, cluster.type !== undefined && cluster.type !== "STATIC");
  context.unserved(`${path}.eds_cluster_config`, cluster.eds_cluster_config !== undefined);
  context.unserved(`${path}.health_checks`, cluster.health_checks.length > 0);
  const balancer = compileBalancer(cluster, path, context);
  const limits = compileLimits(cluster, `${path}.circuit_breakers`, context);
  const http = compileHttpOptions(cluster, path, context);
  const tls = cluster.transport_socket?.typed_config;
  const secured =
    tls === undefined
      ? undefined
      : context.try(`${path}.transport_socket`, () => context.services.upstreamTls(tls, context.secrets));
  const outlier = cluster.outlier_detection;
  if (balancer === undefined) return undefined;
  return {
    name: cluster.name,
    endpoints: compileEndpoints(cluster, `${path}.load_assignment`, context),
    connectTimeout: cluster.connect_timeout ?? 5000,
    balancer,
    limits,
    outlier: outlier && compileOutlier(outlier, `${path}.outlier_detection`, context),
    panicThreshold: cluster.common_lb_config?.healthy_panic_threshold?.value ?? 50,
    tls: secured,
    idleTimeout: http?.idle_timeout ?? 3_600_000,
    maxRequestsPerConnection: http?.max_requests_per_connection ?? 0,
    metadata: Object.fromEntries(cluster.metadata?.filter_metadata ?? []),
  };
}

function compileHttpOptions(
  cluster: Cluster,
  path: string,
  context: CompileContext,
): CommonHttpProtocolOptions | undefined {
  const options = cluster.typed_extension_protocol_options.get(httpOptionsName);
  if (options === undefined) return undefined;
  const at = `${path}.typed_extension_protocol_options["${httpOptionsName}"]`;
  const common = options.common_http_protocol_options;
  context.unserved(
    `${at}.explicit_http_config.http2_protocol_options`,
    options.explicit_http_config?.http2_protocol_options !== undefined,
  );
  context.unserved(`${at}.use_downstream_protocol_config`, options.use_downstream_protocol_config !== undefined);
  context.unserved(`${at}.auto_config`, options.auto_config !== undefined);
  context.unserved(`${at}.upstream_http_protocol_options`, options.upstream_http_protocol_options !== undefined);
  const commonAt = `${at}.common_http_protocol_options`;
  context.unserved(`${commonAt}.max_connection_duration`, common?.max_connection_duration !== undefined);
  context.unserved(`${commonAt}.max_headers_count`, common?.max_headers_count !== undefined);
  context.unserved(`${commonAt}.max_stream_duration`, common?.max_stream_duration !== undefined);
  return common;
}

function compileEndpoints(cluster: Cluster, path: string, context: CompileContext): EndpointConfig[] {
  const localities = cluster.load_assignment?.endpoints ?? [];
  return localities.flatMap((locality, i) => {
    const at = `${path}.endpoints[${i}]`;
    context.unserved(`${at}.priority`, locality.priority !== 0);
    return locality.lb_endpoints.flatMap((entry, j) => {
      const endpointAt = `${at}.lb_endpoints[${j}]`;
      context.unserved(
        `${endpointAt}.health_status`,
        entry.health_status !== "UNKNOWN" && entry.health_status !== "HEALTHY",
      );
      const address = entry.endpoint?.address?.socket_address;
      if (address === undefined) {
        context.error(`${endpointAt}.endpoint.address`, "is missing");
        return [];
      }
      return [{ address: address.address, port: address.port_value ?? 0, weight: entry.load_balancing_weight ?? 1 }];
    });
  });
}

function compileBalancer(cluster: Cluster, path: string, context: CompileContext): BalancerSpec | undefined {
  if (cluster.load_balancing_policy !== undefined)
    return compilePolicy(cluster.load_balancing_policy, `${path}.load_balancing_policy`, context);
  switch (cluster.lb_policy) {
    case "ROUND_ROBIN":
      return { kind: "round_robin" };
    case "LEAST_REQUEST":
      return { kind: "least_request", choices: cluster.least_request_lb_config?.choice_count ?? 2 };
    case "RANDOM":
      return { kind: "random" };
    default:
      context.unserved(`${path}.lb_policy`, true);
      return undefined;
  }
}

/** The first policy that is known, as in Envoy. */
function compilePolicy(policy: LoadBalancingPolicy, path: string, context: CompileContext): BalancerSpec | undefined {
  for (const [i, entry] of policy.policies.entries()) {
    const config = entry.typed_extension_config?.typed_config;
    const at = `${path}.policies[${i}].typed_extension_config.typed_config`;
    switch (config?.["@type"]) {
      case "xds.type.v3.TypedStruct": {
        const peak = compilePeakEwma(config, `${at}.value`, context);
        if (peak !== undefined) return peak;
        continue;
      }
      case "envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin":
        context.unserved(`${at}.slow_start_config`, config.slow_start_config !== undefined);
        context.unserved(`${at}.locality_lb_config`, config.locality_lb_config !== undefined);
        return { kind: "round_robin" };
      case "envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest":
        context.unserved(`${at}.slow_start_config`, config.slow_start_config !== undefined);
        context.unserved(`${at}.locality_lb_config`, config.locality_lb_config !== undefined);
        context.unserved(`${at}.active_request_bias`, config.active_request_bias !== undefined);
        return { kind: "least_request", choices: config.choice_count ?? 2 };
      case "envoy.extensions.load_balancing_policies.random.v3.Random":
        context.unserved(`${at}.locality_lb_config`, config.locality_lb_config !== undefined);
        return { kind: "random" };
      default:
        context.unserved(at, true);
        return undefined;
    }
  }
  context.error(path, "names no policy that is known");
  return undefined;
}

function compilePeakEwma(struct: TypedStruct, path: string, context: CompileContext): BalancerSpec | undefined {
  if (!peakEwmaType.test(struct.type_url)) return undefined;
  const decay = struct.value?.["decay_time"];
  if (decay === undefined) return { kind: "peak_ewma", decayMs: 10_000 };
  const seconds = typeof decay === "string" ? /^(\d+(?:\.\d+)?)s$/.exec(decay)?.[1] : undefined;
  if (seconds === undefined || Number(seconds) <= 0) {
    context.error(`${path}.decay_time`, "must be a duration above zero, such as 10s");
    return undefined;
  }
  return { kind: "peak_ewma", decayMs: Number(seconds) * 1000 };
}

function compileLimits(cluster: Cluster, path: string, context: CompileContext): BreakerLimits {
  const breakers = cluster.circuit_breakers;
  context.unserved(`${path}.per_host_thresholds`, (breakers?.per_host_thresholds.length ?? 0) > 0);
  const index = breakers?.thresholds.findIndex((t) => t.priority === "DEFAULT") ?? -1;
  const own = breakers?.thresholds[index];
  // Requests of HIGH priority cannot be made by the subset, so their limits change nothing.
  context.unserved(`${path}.thresholds[${index}].retry_budget`, own?.retry_budget !== undefined);
  return {
    maxConnections: own?.max_connections ?? 1024,
    maxPendingRequests: own?.max_pending_requests ?? 1024,
    maxRequests: own?.max_requests ?? 1024,
    maxRetries: own?.max_retries ?? 3,
  };
}

function compileOutlier(outlier: OutlierDetection, path: string, context: CompileContext): OutlierConfig {
  // Success rate is Envoy's default: it must be switched off until it is served.
  if (outlier.enforcing_success_rate !== 0)
    context.error(
      `${path}.enforcing_success_rate`,
      "must be 0: ejection by success rate is not served by this version of the bundled data plane",
    );
  context.unserved(`${path}.split_external_local_origin_errors`, outlier.split_external_local_origin_errors);
  context.unserved(`${path}.enforcing_failure_percentage`, (outlier.enforcing_failure_percentage ?? 0) > 0);
  context.unserved(`${path}.max_ejection_time_jitter`, (outlier.max_ejection_time_jitter ?? 0) > 0);
  const base = outlier.base_ejection_time ?? 30_000;
  return {
    consecutive5xx: outlier.consecutive_5xx ?? 5,
    enforcingConsecutive5xx: outlier.enforcing_consecutive_5xx ?? 100,
    consecutiveGatewayFailure: outlier.consecutive_gateway_failure ?? 5,
    enforcingConsecutiveGatewayFailure: outlier.enforcing_consecutive_gateway_failure ?? 0,
    interval: outlier.interval ?? 10_000,
    baseEjectionTime: base,
    maxEjectionTime: Math.max(outlier.max_ejection_time ?? 300_000, base),
    maxEjectionPercent: outlier.max_ejection_percent ?? 10,
  };
}
