import type {
  ConnectionPool,
  HealthCheck,
  LoadBalancing,
  Model,
  OutlierDetection,
  Protocol,
  Traffic,
} from "../../model/model";
import { Kept } from "../kept";
import { engineKindOf } from "./engine";
import { isHashed } from "./hashing";
import { duration, extension, type Message, NO_LIMIT, present, typed } from "./envoy";

/** How fast peak EWMA forgets a latency peak. */
const EWMA_DECAY_MS = 10_000;
const CHOICES = 2;

function policies(model: Model, lb: LoadBalancing): Message[] {
  const slowStart: Message =
    lb.slowStartMs === undefined || engineKindOf(model) === "bundled"
      ? {}
      : { slow_start_config: { slow_start_window: duration(lb.slowStartMs) } };
  const policy = (name: string, message: string, body: Message = {}): Message =>
    extension(`envoy.load_balancing_policies.${name}`, `load_balancing_policies.${name}.v3.${message}`, body);
  const leastRequest = policy("least_request", "LeastRequest", { choice_count: CHOICES, ...slowStart });
  // Sticky sessions need a policy that hashes.
  switch (lb.affinity !== undefined && !isHashed(lb) ? "RING_HASH" : lb.policy) {
    case "ROUND_ROBIN":
      return [policy("round_robin", "RoundRobin", slowStart)];
    case "LEAST_REQUEST":
      return [leastRequest];
    case "RANDOM":
      return [policy("random", "Random")];
    case "RING_HASH":
      return [policy("ring_hash", "RingHash", present({ minimum_ring_size: lb.minimumRingSize }))];
    case "MAGLEV":
      return [policy("maglev", "Maglev", present({ table_size: lb.tableSize }))];
    case "PEAK_EWMA":
      // Stock Envoy does not know peak EWMA: it skips a TypedStruct of an unknown type and takes the next policy.
      return [
        {
          name: "envoy.load_balancing_policies.peak_ewma",
          typed_config: {
            "@type": "type.googleapis.com/xds.type.v3.TypedStruct",
            type_url: "type.googleapis.com/envoy.extensions.load_balancing_policies.peak_ewma.v3alpha.PeakEwma",
            value: { decay_time: duration(EWMA_DECAY_MS) },
          },
        },
        leastRequest,
      ];
  }
}

/** Every limit is written: what the model leaves open is no limit, not Envoy's default of 1024. */
const thresholds = (pool: ConnectionPool, traffic: Traffic): Message => ({
  thresholds: [
    {
      max_connections: pool.maxConnections ?? NO_LIMIT,
      max_pending_requests: pool.maxPendingRequests ?? NO_LIMIT,
      max_requests: pool.maxRequests ?? NO_LIMIT,
      ...(traffic.retryBudget === undefined
        ? { max_retries: pool.maxRetries ?? NO_LIMIT }
        : {
            retry_budget: {
              budget_percent: { value: traffic.retryBudget.percent },
              min_retry_concurrency: traffic.retryBudget.minRetries,
            },
          }),
    },
  ],
});

/** Envoy would also eject by success rate; nobody asked for that. */
const outliers = (o: OutlierDetection): Message => ({
  consecutive_5xx: o.consecutive5xx,
  interval: duration(o.intervalMs),
  base_ejection_time: duration(o.baseEjectionTimeMs),
  max_ejection_percent: o.maxEjectionPercent,
  enforcing_success_rate: 0,
  ...(o.consecutiveGatewayErrors === undefined
    ? {}
    : { consecutive_gateway_failure: o.consecutiveGatewayErrors, enforcing_consecutive_gateway_failure: 100 }),
});

/** The bundled engine asks no gRPC service. */
const checks = (model: Model, check: HealthCheck | undefined): Message[] | undefined =>
  check === undefined || (check.kind === "grpc" && engineKindOf(model) === "bundled") ? undefined : [health(check)];

function health(check: HealthCheck): Message {
  const common = {
    timeout: duration(check.timeoutMs),
    interval: duration(check.intervalMs),
    unhealthy_threshold: check.unhealthyThreshold,
    healthy_threshold: check.healthyThreshold,
  };
  if (check.kind === "tcp") return { ...common, tcp_health_check: {} };
  if (check.kind === "grpc") return { ...common, grpc_health_check: present({ service_name: check.grpcService }) };
  // Envoy's range excludes its end, the model's includes it.
  const statuses = check.expectedStatuses.map((s) => ({ start: String(s.from), end: String(s.to + 1) }));
  return {
    ...common,
    http_health_check: {
      path: check.httpPath ?? "/",
      ...(statuses.length > 0 ? { expected_statuses: statuses } : {}),
    },
  };
}

/** HTTP towards the upstream: the version the port speaks, and how long its connections live. */
export const httpOptions = (protocol: Protocol, idleTimeoutMs: number, maxRequestsPerConnection?: number): Message => ({
  "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": typed("upstreams.http.v3.HttpProtocolOptions", {
    explicit_http_config: isHttp2(protocol) ? { http2_protocol_options: {} } : { http_protocol_options: {} },
    common_http_protocol_options: present({
      idle_timeout: duration(idleTimeoutMs),
      max_requests_per_connection: maxRequestsPerConnection,
    }),
  }),
});

export const isHttp2 = (protocol: Protocol): boolean => protocol === "http2" || protocol === "grpc";
export const isHttp = (protocol: Protocol): boolean => protocol === "http" || isHttp2(protocol);

/** What a destination's policy says about its clusters; all of them share it. */
export const trafficPolicy = (model: Model, traffic: Traffic): Message =>
  shared.of([model], traffic, () => policyOf(model, traffic));
const shared = new Kept<Message>();

function policyOf(model: Model, traffic: Traffic): Message {
  const pool = traffic.connectionPool;
  const keepalive = pool.tcpKeepalive;
  return present({
    connect_timeout: duration(pool.connectTimeoutMs),
    load_balancing_policy: {
      policies: policies(model, traffic.loadBalancing).map((p) => ({ typed_extension_config: p })),
    },
    circuit_breakers: thresholds(pool, traffic),
    outlier_detection: traffic.outlierDetection && outliers(traffic.outlierDetection),
    health_checks: checks(model, traffic.healthCheck),
    common_lb_config: traffic.outlierDetection && {
      healthy_panic_threshold: { value: traffic.outlierDetection.minHealthPercent },
    },
    upstream_connection_options: keepalive && {
      tcp_keepalive: {
        keepalive_probes: keepalive.probes,
        keepalive_time: Math.ceil(keepalive.timeMs / 1000),
        keepalive_interval: Math.ceil(keepalive.intervalMs / 1000),
      },
    },
  });
}
