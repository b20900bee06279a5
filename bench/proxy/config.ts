/** The configurations that both proxies are measured with: one listener, one cluster, the same file for both. */
export interface BenchConfig {
  readonly port: number;
  readonly admin: number;
  readonly upstreamPort: number;
  readonly tlsDown?: Certificates;
  readonly tlsUp?: Certificates;
  /** Steps of the ladder that are on. */
  readonly features: readonly Feature[];
  /** Routes that requests of `hold` match, one each; default none. */
  readonly routes?: number;
}
export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly trustDomain: string;
  readonly peer: string;
}
/** Features one after another, each on top of those before it, and what a request has to do for them. */
export const ladderSteps = [
  { feature: "request id", does: "16 random bytes as a UUID, and one header field more to write on the way up" },
  {
    feature: "50 routes",
    does: "a table in which 50 routes with a prefix and a header stand before the one that matches; none of them begins as the request's path does",
  },
  { feature: "header rules", does: "a field set and one removed on the way up, one added on the way down" },
  { feature: "RBAC", does: "one policy of a method and a path's prefix" },
  {
    feature: "retries armed",
    does: "two timers, of the request and of the try, and `x-envoy-expected-rq-timeout-ms` to write; no retry happens",
  },
  { feature: "access log", does: "one JSON line of five fields, gathered and written by 64 KiB" },
  {
    feature: "traces, 1 %",
    does: "a decision by the request's id, 24 random bytes as a `traceparent` to write, and for one request in a hundred a span for the collector",
  },
] as const;
export type Feature = (typeof ladderSteps)[number]["feature"];

const type = (name: string): string => `type.googleapis.com/${name}`;
const address = (port: number) => ({ socket_address: { address: "127.0.0.1", port_value: port } });

export function bootstrap(config: BenchConfig): unknown {
  const on = (feature: Feature): boolean => config.features.includes(feature);
  return {
    node: { id: "bench", cluster: "bench" },
    admin: { address: address(config.admin) },
    static_resources: { listeners: [listener(config, on)], clusters: [cluster(config)] },
  };
}

function listener(config: BenchConfig, on: (feature: Feature) => boolean): unknown {
  const action = {
    cluster: "upstream",
    timeout: "0s",
    ...(on("retries armed") && {
      timeout: "5s",
      retry_policy: { retry_on: "5xx,connect-failure", num_retries: 2, per_try_timeout: "1s" },
    }),
  };
  const others = on("50 routes")
    ? Array.from({ length: 50 }, (_, i) => ({
        match: { path_separated_prefix: `/other/${i}`, headers: [{ name: "x-kind", string_match: { exact: `${i}` } }] },
        route: { cluster: "upstream", timeout: "0s" },
      }))
    : [];
  const tracing = on("traces, 1 %") && {
    tracing: {
      random_sampling: { value: 1 },
      provider: {
        name: "envoy.tracers.opentelemetry",
        typed_config: {
          "@type": type("envoy.config.trace.v3.OpenTelemetryConfig"),
          service_name: "bench",
          // The upstream stands for the collector: it answers whatever it is sent.
          http_service: { http_uri: { uri: "http://upstream/v1/traces", cluster: "upstream", timeout: "1s" } },
        },
      },
    },
  };
  const held = Array.from({ length: config.routes ?? 0 }, (_, i) => ({
    match: { path_separated_prefix: `/held/${i}` },
    route: action,
  }));
  const headers = on("header rules") && {
    request_headers_to_add: [
      { header: { key: "x-added", value: "bench" }, append_action: "OVERWRITE_IF_EXISTS_OR_ADD" },
    ],
    request_headers_to_remove: ["x-tenant"],
    response_headers_to_add: [{ header: { key: "x-served-by", value: "bench" } }],
  };
  const rbac = on("RBAC") && {
    name: "envoy.filters.http.rbac",
    typed_config: {
      "@type": type("envoy.extensions.filters.http.rbac.v3.RBAC"),
      rules: {
        action: "ALLOW",
        policies: {
          readers: {
            permissions: [
              {
                and_rules: {
                  rules: [
                    { header: { name: ":method", string_match: { exact: "GET" } } },
                    { url_path: { path: { prefix: "/v1" } } },
                  ],
                },
              },
            ],
            principals: [{ any: true }],
          },
        },
      },
    },
  };
  const accessLog = on("access log") && {
    access_log: [
      {
        name: "envoy.access_loggers.file",
        typed_config: {
          "@type": type("envoy.extensions.access_loggers.file.v3.FileAccessLog"),
          path: "/dev/null",
          log_format: {
            json_format: {
              method: "%REQ(:METHOD)%",
              path: "%REQ(:PATH)%",
              code: "%RESPONSE_CODE%",
              flags: "%RESPONSE_FLAGS%",
              duration: "%DURATION%",
            },
          },
        },
      },
    ],
  };
  return {
    name: "bench",
    address: address(config.port),
    filter_chains: [
      {
        filters: [
          {
            name: "envoy.filters.network.http_connection_manager",
            typed_config: {
              "@type": type("envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
              stat_prefix: "bench",
              codec_type: "HTTP1",
              generate_request_id: on("request id"),
              normalize_path: true,
              ...accessLog,
              ...tracing,
              route_config: {
                name: "bench",
                virtual_hosts: [
                  {
                    name: "all",
                    domains: ["*"],
                    ...headers,
                    routes: [...others, ...held, { match: { prefix: "/" }, route: action }],
                  },
                ],
              },
              http_filters: [
                ...(rbac ? [rbac] : []),
                {
                  name: "envoy.filters.http.router",
                  typed_config: { "@type": type("envoy.extensions.filters.http.router.v3.Router") },
                },
              ],
            },
          },
        ],
        ...(config.tlsDown && {
          transport_socket: {
            name: "envoy.transport_sockets.tls",
            typed_config: {
              "@type": type("envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext"),
              require_client_certificate: true,
              common_tls_context: common(config.tlsDown),
            },
          },
        }),
      },
    ],
  };
}

function cluster(config: BenchConfig): unknown {
  return {
    name: "upstream",
    type: "STATIC",
    connect_timeout: "1s",
    load_balancing_policy: {
      policies: [
        {
          typed_extension_config: {
            name: "envoy.load_balancing_policies.least_request",
            typed_config: { "@type": type("envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest") },
          },
        },
      ],
    },
    circuit_breakers: {
      thresholds: [
        { max_connections: 100_000, max_pending_requests: 100_000, max_requests: 100_000, max_retries: 100_000 },
      ],
    },
    load_assignment: {
      cluster_name: "upstream",
      endpoints: [{ lb_endpoints: [{ endpoint: { address: address(config.upstreamPort) } }] }],
    },
    ...(config.tlsUp && {
      transport_socket: {
        name: "envoy.transport_sockets.tls",
        typed_config: {
          "@type": type("envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext"),
          common_tls_context: common(config.tlsUp),
        },
      },
    }),
  };
}

const common = (certificates: Certificates): unknown => ({
  tls_params: { tls_minimum_protocol_version: "TLSv1_3", tls_maximum_protocol_version: "TLSv1_3" },
  tls_certificates: [
    { certificate_chain: { filename: certificates.cert }, private_key: { filename: certificates.key } },
  ],
  validation_context: {
    match_typed_subject_alt_names: [{ san_type: "URI", matcher: { exact: certificates.peer } }],
    custom_validator_config: {
      name: "envoy.tls.cert_validator.spiffe",
      typed_config: {
        "@type": type("envoy.extensions.transport_sockets.tls.v3.SPIFFECertValidatorConfig"),
        trust_domains: [{ name: certificates.trustDomain, trust_bundle: { filename: certificates.ca } }],
      },
    },
  },
});
