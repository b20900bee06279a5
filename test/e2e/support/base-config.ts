/** A configuration that both serve; each case changes it in one place. */
export function base() {
  const type = (name: string) => ({ "@type": `type.googleapis.com/envoy.${name}` });
  const address = (port: number) => ({ socket_address: { address: "127.0.0.1", port_value: port } });
  const file = (name: string) => ({ filename: name });
  const validation = {
    match_typed_subject_alt_names: [{ san_type: "URI", matcher: { exact: "spiffe://example.org/a" } }],
    custom_validator_config: {
      name: "envoy.tls.cert_validator.spiffe",
      typed_config: {
        ...type("extensions.transport_sockets.tls.v3.SPIFFECertValidatorConfig"),
        trust_domains: [{ name: "example.org", trust_bundle: file("roots.pem") }],
      },
    },
  };
  const tls = (side: string) => ({
    name: "envoy.transport_sockets.tls",
    typed_config: {
      ...type(`extensions.transport_sockets.tls.v3.${side}streamTlsContext`),
      ...(side === "Down" && { require_client_certificate: true }),
      common_tls_context: {
        alpn_protocols: ["http/1.1"],
        tls_params: { tls_minimum_protocol_version: "TLSv1_2" },
        tls_certificates: [{ certificate_chain: file("identity.pem"), private_key: file("identity.key") }],
        validation_context: structuredClone(validation),
      },
    },
  });
  const route = {
    match: { prefix: "/", headers: [{ name: "x-a", string_match: { exact: "b" } }] },
    route: {
      weighted_clusters: { clusters: [{ name: "u", weight: 1 }] },
      timeout: "5s",
      retry_policy: { retry_on: "5xx", num_retries: 2, per_try_timeout: "1s" },
    },
  };
  const manager = {
    ...type("extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
    stat_prefix: "in",
    codec_type: "HTTP1",
    route_config: {
      name: "r",
      virtual_hosts: [
        {
          name: "v",
          domains: ["a.example", "*"],
          routes: [route, { match: { path: "/x" }, direct_response: { status: 200, body: { inline_string: "x" } } }],
        },
      ],
    },
    http_filters: [
      { name: "envoy.filters.http.router", typed_config: type("extensions.filters.http.router.v3.Router") },
    ],
    access_log: [
      {
        name: "envoy.access_loggers.stdout",
        typed_config: {
          ...type("extensions.access_loggers.stream.v3.StdoutAccessLog"),
          log_format: { json_format: { code: "%RESPONSE_CODE%", path: "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%" } },
        },
      },
    ],
  };
  return {
    node: { id: "n", cluster: "c" },
    admin: { address: address(19_901) },
    static_resources: {
      listeners: [
        {
          name: "l",
          address: address(19_902),
          filter_chains: [
            {
              transport_socket: tls("Down"),
              filters: [{ name: "envoy.filters.network.http_connection_manager", typed_config: manager }],
            },
          ],
        },
      ],
      clusters: [
        {
          name: "u",
          type: "STATIC",
          connect_timeout: "1s",
          lb_policy: "LEAST_REQUEST",
          load_assignment: {
            cluster_name: "u",
            endpoints: [{ lb_endpoints: [{ endpoint: { address: address(19_903) } }] }],
          },
          circuit_breakers: { thresholds: [{ max_connections: 10 }] },
          outlier_detection: { consecutive_5xx: 5, interval: "10s", enforcing_success_rate: 0 },
          transport_socket: tls("Up"),
        },
      ],
    },
  };
}

export const l = "static_resources.listeners.0";
export const chain = `${l}.filter_chains.0`;
export const hcm = `${chain}.filters.0.typed_config`;
export const vhost = `${hcm}.route_config.virtual_hosts.0`;
export const r0 = `${vhost}.routes.0`;
export const c0 = "static_resources.clusters.0";
export const down = `${chain}.transport_socket.typed_config`;
export const endpoint = `${c0}.load_assignment.endpoints.0.lb_endpoints.0`;

/** Path and new value; `undefined` removes. */
export type Change = readonly [path: string, value: unknown];

/** A second filter chain beside one that matches `first`. */
export const chains = (first: object | undefined, second: object | undefined): Change => {
  const [one] = base().static_resources.listeners[0]?.filter_chains ?? [];
  const withMatch = (match: object | undefined) => ({ ...one, ...(match && { filter_chain_match: match }) });
  return [`${l}.filter_chains`, [withMatch(first), withMatch(second)]];
};
export const range = (address_prefix: string, prefix_len: number) => ({ address_prefix, prefix_len });
export const retry = `${r0}.route.retry_policy`;
