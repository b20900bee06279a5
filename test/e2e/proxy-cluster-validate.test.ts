import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refusals } from "./differential/engines";
import { describePart } from "./support/parts";

type Json = Record<string, unknown>;

const endpoint = (port = 80, over: Json = {}): Json => ({
  endpoint: { address: { socket_address: { address: "127.0.0.1", port_value: port } } },
  ...over,
});
const cluster = (over: Json): Json => ({
  name: "c",
  type: "STATIC",
  connect_timeout: "1s",
  load_assignment: { cluster_name: "c", endpoints: [{ lb_endpoints: [endpoint()] }] },
  ...over,
});
const policy = (name: string, config: Json): Json =>
  cluster({
    load_balancing_policy: {
      policies: [
        {
          typed_extension_config: {
            name: "p",
            typed_config: {
              "@type": `type.googleapis.com/envoy.extensions.load_balancing_policies.${name}`,
              ...config,
            },
          },
        },
      ],
    },
  });
const check = (over: Json): Json => ({
  timeout: "1s",
  interval: "1s",
  unhealthy_threshold: 1,
  healthy_threshold: 1,
  ...over,
});
const http = (over: Json): Json => cluster({ health_checks: [check({ http_health_check: { path: "/", ...over } })] });
const endpoints = (...list: readonly Json[]): Json =>
  cluster({ load_assignment: { cluster_name: "c", endpoints: list } });

/** What no single field's constraint says. */
const cases: readonly (readonly [string, Json])[] = [
  ["Maglev: the default table", policy("maglev.v3.Maglev", {})],
  ["Maglev: a table of prime size", policy("maglev.v3.Maglev", { table_size: 251 })],
  ["Maglev: a table that is not of prime size", policy("maglev.v3.Maglev", { table_size: 250 })],
  ["ring: bounds in order", policy("ring_hash.v3.RingHash", { minimum_ring_size: 10, maximum_ring_size: 20 })],
  ["ring: bounds crossed", policy("ring_hash.v3.RingHash", { minimum_ring_size: 20, maximum_ring_size: 10 })],
  ["two health checks", cluster({ health_checks: [check({ tcp_health_check: {} }), check({ tcp_health_check: {} })] })],
  ["a TCP health check", cluster({ health_checks: [check({ tcp_health_check: {} })] })],
  ["expected statuses", http({ expected_statuses: [{ start: 200, end: 300 }] })],
  ["expected statuses: an empty range", http({ expected_statuses: [{ start: 200, end: 200 }] })],
  ["expected statuses: below 100", http({ expected_statuses: [{ start: 99, end: 200 }] })],
  ["expected statuses: above 599", http({ expected_statuses: [{ start: 500, end: 601 }] })],
  ["a health check by CONNECT", http({ method: "CONNECT" })],
  ["priorities in order", endpoints({ lb_endpoints: [endpoint()] }, { priority: 1, lb_endpoints: [endpoint(81)] })],
  ["priorities with a gap", endpoints({ lb_endpoints: [endpoint()] }, { priority: 2, lb_endpoints: [endpoint(81)] })],
  [
    "host weights beyond 32 bits",
    endpoints({
      lb_endpoints: [endpoint(80, { load_balancing_weight: 4294967295 }), endpoint(81, { load_balancing_weight: 1 })],
    }),
  ],
  [
    "LOGICAL_DNS of two endpoints",
    cluster({
      type: "LOGICAL_DNS",
      load_assignment: { cluster_name: "c", endpoints: [{ lb_endpoints: [endpoint(), endpoint(81)] }] },
    }),
  ],
  ["LOGICAL_DNS of one endpoint", cluster({ type: "LOGICAL_DNS" })],
  ["STRICT_DNS", cluster({ type: "STRICT_DNS" })],
  [
    "thresholds for one host: connections",
    cluster({ circuit_breakers: { per_host_thresholds: [{ max_connections: 1 }] } }),
  ],
  ["thresholds for one host: requests", cluster({ circuit_breakers: { per_host_thresholds: [{ max_requests: 1 }] } })],
  [
    "the longest ejection shorter than the first",
    cluster({ outlier_detection: { base_ejection_time: "10s", max_ejection_time: "5s" } }),
  ],
  [
    "the longest ejection not told, the first beyond it",
    cluster({ outlier_detection: { base_ejection_time: "400s" } }),
  ],
  ["a budget for retries", cluster({ circuit_breakers: { thresholds: [{ retry_budget: {} }] } })],
];

describePart(
  "clusters that no single constraint judges are accepted or refused as by Envoy",
  ["envoy"],
  ({ envoy }) => {
    const dir = mkdtempSync(join(tmpdir(), "meshup-validate-"));
    afterAll(() => rmSync(dir, { recursive: true, force: true }));

    test.each(cases)(
      "%s",
      (_title, one) => {
        const config = { node: { id: "n", cluster: "c" }, static_resources: { clusters: [one] } };
        const path = join(dir, "config.json");
        writeFileSync(path, JSON.stringify(config));
        const { status, stderr } = spawnSync(envoy, ["--mode", "validate", "-c", path, "-l", "error"], {
          encoding: "utf8",
        });
        const ours = refusals(config);
        expect({ accepted: ours.length === 0, says: ours }).toEqual({
          accepted: status === 0,
          says: status === 0 ? [] : (expect.anything() as unknown),
        });
        if (status !== 0) expect(stderr).not.toContain("Unable to parse JSON");
      },
      20_000,
    );
  },
);
