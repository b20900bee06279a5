import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readBootstrap } from "../../src/proxy/xds/bootstrap";
import { Loader } from "../../src/proxy/loader";
import { Worker } from "../../src/proxy/worker";
import { TestCa, temporaryDirectory } from "../proxy/support/certs";
import { describePart } from "./support/parts";

/** A configuration that both serve; each case changes it in one place. */
function base() {
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

const l = "static_resources.listeners.0";
const chain = `${l}.filter_chains.0`;
const hcm = `${chain}.filters.0.typed_config`;
const vhost = `${hcm}.route_config.virtual_hosts.0`;
const r0 = `${vhost}.routes.0`;
const c0 = "static_resources.clusters.0";
const down = `${chain}.transport_socket.typed_config`;
const endpoint = `${c0}.load_assignment.endpoints.0.lb_endpoints.0`;

/** Path and new value; `undefined` removes. */
type Change = readonly [path: string, value: unknown];

/** Envoy and we must judge alike, whichever way. */
const alike: readonly Change[] = [
  [`${endpoint}.health_status`, "DRAINING"],
  ["node.id", "n"],
  ["nonsense", 1],
  ["node.nonsense", 1],
  [`${l}.name`, 5],
  [`${l}.address`, undefined],
  [`${l}.address.socket_address.port_value`, 65_536],
  [`${l}.address.socket_address.port_value`, "19902"],
  [`${l}.address.socket_address.port_value`, 1.5],
  [`${l}.address.socket_address.address`, ""],
  [`${l}.address.socket_address.address`, "not-an-ip"],
  [`${l}.traffic_direction`, "INBOUND"],
  [`${l}.traffic_direction`, "SIDEWAYS"],
  [`${l}.traffic_direction`, 1],
  [`${l}.per_connection_buffer_limit_bytes`, 1_048_576],
  [`${l}.per_connection_buffer_limit_bytes`, -1],
  [`${chain}.filters.0.name`, ""],
  [`${chain}.transport_socket_connect_timeout`, "10s"],
  [`${chain}.transport_socket_connect_timeout`, "10"],
  [`${chain}.transport_socket_connect_timeout`, "1.0000000001s"],
  [`${hcm}.stat_prefix`, ""],
  [`${hcm}.codec_type`, "HTTP9"],
  [`${hcm}.route_config`, undefined],
  [`${hcm}.max_request_headers_kb`, 0],
  [`${hcm}.max_request_headers_kb`, 8_193],
  [`${hcm}.request_headers_timeout`, "10s"],
  [`${hcm}.request_headers_timeout`, "-1s"],
  [`${hcm}.stream_idle_timeout`, "0s"],
  [`${hcm}.common_http_protocol_options`, { idle_timeout: "60s", max_headers_count: 100 }],
  [`${hcm}.common_http_protocol_options`, { max_headers_count: 0 }],
  [`${hcm}.forward_client_cert_details`, "SANITIZE_SET"],
  [`${hcm}.forward_client_cert_details`, 77],
  [`${hcm}.server_name`, "a\nb"],
  [`${hcm}.http_filters.0.name`, ""],
  [`${hcm}.http_filters.0.typed_config`, undefined],
  [`${hcm}.http_filters.0.typed_config.@type`, "type.googleapis.com/nowhere.Router"],
  [`${hcm}.access_log.0.typed_config.log_format`, {}],
  [`${hcm}.access_log.0.typed_config.log_format.json_format.code`, "%NONSENSE%"],
  [`${hcm}.access_log.0.typed_config.log_format.json_format.code`, "100%"],
  [`${hcm}.access_log.0.filter`, { status_code_filter: { comparison: { op: "GE", value: { default_value: 400 } } } }],
  [`${hcm}.access_log.0.filter`, { status_code_filter: {} }],
  [`${hcm}.route_config.validate_clusters`, false],
  [`${vhost}.name`, ""],
  [`${vhost}.domains`, []],
  [`${vhost}.domains`, ["a.example", "a.example"]],
  [`${vhost}.domains`, ["*", "*"]],
  [`${vhost}.domains`, ["a*b"]],
  [`${r0}.match`, undefined],
  [`${r0}.match`, {}],
  [`${r0}.match.path`, "/both"],
  [`${r0}.match.prefix`, "no-slash"],
  [`${r0}.match`, { safe_regex: { regex: "/a+" } }],
  [`${r0}.match`, { safe_regex: { regex: "(" } }],
  [`${r0}.match`, { safe_regex: { regex: "(a{1,100}){1,9}" } }],
  [`${r0}.match`, { safe_regex: { regex: "(?=a)" } }],
  [`${r0}.match`, { safe_regex: {} }],
  [`${r0}.match`, { path_separated_prefix: "/a" }],
  [`${r0}.match`, { path_separated_prefix: "/a/" }],
  [`${r0}.match`, { path_separated_prefix: "/a?b" }],
  [`${r0}.match.headers.0.name`, ""],
  [`${r0}.match.headers.0.name`, "a\nb"],
  [`${r0}.match.headers.0.string_match`, {}],
  [`${r0}.match.headers.0.string_match`, { prefix: "" }],
  [`${r0}.match.headers.0.present_match`, true],
  [`${r0}.match.headers.0`, { name: "x", range_match: { start: "1", end: "5" } }],
  [`${r0}.route`, undefined],
  [`${r0}.route.cluster`, "u"],
  [`${r0}.route`, { cluster: "u" }],
  [`${r0}.route`, { cluster: "unknown" }],
  [`${r0}.route`, { cluster: "" }],
  [`${r0}.route.weighted_clusters.clusters.0.name`, "unknown"],
  [`${r0}.route.weighted_clusters.clusters`, []],
  [`${r0}.route.weighted_clusters.clusters.0.weight`, 0],
  [`${r0}.route.timeout`, "0s"],
  [`${r0}.route.timeout`, 5],
  [`${r0}.route.retry_policy.num_retries`, -1],
  [`${r0}.route.retry_policy.retry_back_off`, { base_interval: "0.025s", max_interval: "0.25s" }],
  [`${r0}.route.retry_policy.retry_back_off`, { base_interval: "0s" }],
  [`${r0}.route.retry_policy.retry_back_off`, { base_interval: "1s", max_interval: "0.5s" }],
  [`${vhost}.routes.1.direct_response.status`, 99],
  [`${vhost}.routes.1.direct_response.status`, 600],
  [`${vhost}.routes.1.redirect`, {}],
  [`${c0}.name`, ""],
  [`${c0}.connect_timeout`, "0s"],
  [`${c0}.connect_timeout`, undefined],
  [`${c0}.type`, undefined],
  [`${c0}.load_assignment`, undefined],
  [`${c0}.load_assignment.cluster_name`, ""],
  [`${endpoint}.endpoint.address.socket_address.address`, "localhost"],
  [`${endpoint}.endpoint.address.socket_address.port_value`, undefined],
  [`${endpoint}.load_balancing_weight`, 0],
  [`${endpoint}.load_balancing_weight`, 3],
  [`${c0}.lb_policy`, "ROUND_ROBIN"],
  [`${c0}.lb_policy`, "NONSENSE"],
  [`${c0}.circuit_breakers.thresholds.0.max_connections`, "10"],
  [`${c0}.circuit_breakers.thresholds.0.max_connections`, -1],
  [`${c0}.outlier_detection.max_ejection_percent`, 101],
  [`${c0}.outlier_detection.interval`, "0s"],
  [`${c0}.per_connection_buffer_limit_bytes`, 32_768],
  [`${c0}.transport_socket.name`, ""],
  [`${c0}.transport_socket.typed_config.sni`, "a".repeat(256)],
  [`${c0}.metadata`, { filter_metadata: { meshup: { service: "u" } } }],
  [`${c0}.metadata`, { filter_metadata: { meshup: 5 } }],
  [`${c0}.load_balancing_policy`, { policies: [] }],
  [
    `${c0}.load_balancing_policy`,
    {
      policies: [
        {
          typed_extension_config: {
            name: "envoy.load_balancing_policies.peak_ewma",
            typed_config: {
              "@type": "type.googleapis.com/xds.type.v3.TypedStruct",
              type_url: "type.googleapis.com/envoy.extensions.load_balancing_policies.peak_ewma.v3alpha.PeakEwma",
              value: { decay_time: "10s" },
            },
          },
        },
        {
          typed_extension_config: {
            name: "envoy.load_balancing_policies.least_request",
            typed_config: {
              "@type": "type.googleapis.com/envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest",
              choice_count: 2,
            },
          },
        },
      ],
    },
  ],
  [`${down}.common_tls_context.tls_certificates.0.private_key.filename`, "missing.key"],
  [`${down}.common_tls_context.tls_certificates.0.private_key.filename`, "other.key"],
  [`${down}.common_tls_context.tls_certificates.0.certificate_chain.filename`, "roots.pem"],
  [`${down}.common_tls_context.tls_certificates.0.certificate_chain`, { inline_string: "no certificate" }],
  [`${down}.common_tls_context.tls_certificates`, []],
  [`${down}.common_tls_context.tls_params.tls_minimum_protocol_version`, "TLSv9"],
  [`${down}.common_tls_context.validation_context.match_typed_subject_alt_names.0.san_type`, "SAN_TYPE_UNSPECIFIED"],
  [
    `${down}.common_tls_context.validation_context.custom_validator_config.typed_config.trust_domains.0.trust_bundle.filename`,
    "missing.pem",
  ],
  [`${l}.filter_chains.0.filter_chain_match`, { transport_protocol: "tls" }],
  ["static_resources.clusters.1", base().static_resources.clusters[0]],
];

/** Envoy accepts, we refuse: outside the subset, or laxer than we want to be. */
const trustDomains = `${down}.common_tls_context.validation_context.custom_validator_config.typed_config.trust_domains`;
const leastRequest = {
  "@type": "type.googleapis.com/envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest",
  choice_count: 1,
};
const refusedByDesign: readonly [...Change, RegExp][] = [
  // Outside the subset.
  [`${c0}.alt_stat_name`, "x", /not in the supported subset/],
  [`${l}.enable_reuse_port`, true, /not in the supported subset/],
  [`${hcm}.via`, "x", /not in the supported subset/],
  [`${r0}.decorator`, { operation: "x" }, /not in the supported subset/],
  // A chain that can answer nothing is a mistake.
  [`${chain}.filters`, [], /serves one filter a chain/],
  [`${hcm}.http_filters`, [], /must end with envoy.filters.http.router/],
  // Envoy ignores a retry condition that it does not know.
  [`${r0}.route.retry_policy.retry_on`, "nonsense", /not a retry condition/],
  // Envoy does not apply its own limits to the configuration inside a load balancing policy.
  [
    `${c0}.load_balancing_policy`,
    { policies: [{ typed_extension_config: { name: "x", typed_config: leastRequest } }] },
    /choice_count: must be at least 2/,
  ],
  // Without knowing whom to trust, anybody would be believed.
  [trustDomains, [], /must have at least 1 entry/],
  [`${trustDomains}.0.name`, "", /must not be empty/],
  [`${down}.common_tls_context.validation_context`, undefined, /would accept any certificate/],
  [
    `${c0}.transport_socket.typed_config.common_tls_context.validation_context`,
    undefined,
    /any server would be believed/,
  ],
];

function changed([path, value]: Change): string {
  const config = base();
  const parts = path.split(".");
  const last = parts.pop() as string;
  let at = config as unknown as Record<string, unknown>;
  for (const p of parts) at = at[p] as Record<string, unknown>;
  if (value === undefined) delete at[last];
  else at[last] = structuredClone(value);
  return JSON.stringify(config);
}

describePart("configurations are judged as Envoy judges them", ["envoy"], ({ envoy }) => {
  const directory = temporaryDirectory();
  const before = process.cwd();
  beforeAll(async () => {
    const ca = await TestCa.create();
    await ca.svid("spiffe://example.org/a", directory.path);
    writeFileSync(join(directory.path, "roots.pem"), ca.pem);
    writeFileSync(join(directory.path, "other.key"), (await ca.svid("spiffe://example.org/b")).key);
    process.chdir(directory.path);
  });
  afterAll(() => {
    process.chdir(before);
    directory.remove();
  });

  function ours(text: string): string {
    const worker = new Worker();
    const loader = new Loader(worker, () => undefined);
    const read = readBootstrap({ text });
    const errors = read.ok ? loader.check(read.bootstrap) : read.errors;
    loader.close();
    worker.close();
    return errors.length === 0 ? "accepted" : `refused: ${errors.map((e) => `${e.path}: ${e.message}`).join("; ")}`;
  }

  function envoys(text: string): string {
    writeFileSync("config.json", text);
    const args = ["--mode", "validate", "-c", "config.json", "-l", "error"];
    const run = spawnSync(envoy, args, { encoding: "utf8", timeout: 30_000 });
    return run.status === 0 ? "accepted" : `refused: ${run.stderr.trim().split("\n").slice(-3).join(" ").slice(-600)}`;
  }

  test("the unchanged configuration is accepted by both", () => {
    const text = JSON.stringify(base());
    expect([ours(text), envoys(text)]).toEqual(["accepted", "accepted"]);
  });

  test.each(alike.map((c) => [`${c[0]} = ${JSON.stringify(c[1])}`.slice(0, 160), c] as const))(
    "%s",
    (_name, change) => {
      const text = changed(change);
      const [our, theirs] = [ours(text), envoys(text)];
      expect({ judged: our.slice(0, 7), our, theirs }).toEqual({ judged: theirs.slice(0, 7), our, theirs });
    },
  );

  test.each(refusedByDesign)("%s = %j: Envoy accepts, we refuse", (path, value, reason) => {
    const text = changed([path, value]);
    expect(envoys(text)).toBe("accepted");
    expect(ours(text)).toMatch(reason);
  });
});
