import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readBootstrap } from "../../src/proxy/xds/bootstrap";
import { Loader } from "../../src/proxy/loader";
import { Worker } from "../../src/proxy/worker";
import { TestCa, temporaryDirectory } from "../proxy/support/certs";
import {
  base,
  l,
  chain,
  hcm,
  vhost,
  r0,
  c0,
  down,
  endpoint,
  type Change,
  chains,
  range,
  retry,
} from "./support/base-config";
import { describePart } from "./support/parts";

/** Envoy and we must judge alike, whichever way. */
const alike: readonly Change[] = [
  chains({ server_names: ["a.example"] }, { server_names: ["*.example"] }),
  chains({ server_names: ["a.example", "b.example"] }, { server_names: ["b.example"] }),
  chains({ server_names: ["a.example"] }, undefined),
  chains(undefined, undefined),
  chains({ server_names: ["a*.example"] }, undefined),
  chains({ server_names: ["*"] }, undefined),
  chains({ server_names: ["*.a.*"] }, undefined),
  chains({ server_names: ["A.Example"] }, { server_names: ["a.example"] }),
  chains({ application_protocols: ["h2", "http/1.1"] }, { application_protocols: ["http/1.1"] }),
  chains({ destination_port: 443 }, { destination_port: 444 }),
  chains({ destination_port: 65_536 }, undefined),
  chains({ source_prefix_ranges: [range("10.0.0.0", 8)] }, { source_prefix_ranges: [range("10.1.0.0", 8)] }),
  chains({ source_prefix_ranges: [range("10.0.0.0", 8)] }, { source_prefix_ranges: [range("10.1.0.0", 16)] }),
  chains({ prefix_ranges: [range("10.0.0.0", 32)] }, undefined),
  chains({ prefix_ranges: [range("ten", 8)] }, undefined),
  [`${l}.default_filter_chain`, base().static_resources.listeners[0]?.filter_chains[0]],
  [`${l}.filter_chains`, []],
  [`${l}.continue_on_listener_filters_timeout`, true],
  [`${retry}.per_try_idle_timeout`, "1s"],
  [`${retry}.per_try_idle_timeout`, "-1s"],
  [`${retry}.retriable_headers`, [{ name: "x", string_match: { exact: "y" } }]],
  [`${retry}.retriable_headers`, [{ name: "" }]],
  [`${retry}.retriable_request_headers`, [{ name: "x", present_match: true }]],
  [`${retry}.retriable_status_codes`, [200, 503]],
  [`${retry}.rate_limited_retry_back_off`, { reset_headers: [{ name: "retry-after", format: "SECONDS" }] }],
  [`${retry}.rate_limited_retry_back_off`, { reset_headers: [] }],
  [`${retry}.rate_limited_retry_back_off`, { reset_headers: [{ name: "x" }], max_interval: "0s" }],
  [`${r0}.route.auto_host_rewrite`, true],
  [`${hcm}.server_header_transformation`, "PASS_THROUGH"],
  [`${hcm}.server_header_transformation`, "SOMETIMES"],
  [`${hcm}.scheme_header_transformation`, { scheme_to_overwrite: "https" }],
  [`${hcm}.scheme_header_transformation`, { scheme_to_overwrite: "ftp" }],
  [`${hcm}.http_protocol_options`, { enable_trailers: true }],
  [`${hcm}.request_timeout`, "5s"],
  [`${hcm}.drain_timeout`, "0s"],
  [`${hcm}.delayed_close_timeout`, "0.5s"],
  [`${hcm}.strip_any_host_port`, true],
  [`${hcm}.common_http_protocol_options`, { max_connection_duration: "1s" }],
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
  // Envoy takes a prefix that is longer than its address for one as long.
  [`${chain}.filter_chain_match`, { prefix_ranges: [range("10.0.0.0", 33)] }, /no prefix length/],
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
