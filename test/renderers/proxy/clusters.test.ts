import { defaultPlacement } from "../../../src/renderers/proxy";
import { at, bootstrapOf, cluster, manager, modelOf } from "./support";

const V1 = "outbound|80|v1|web.shop";
const withTraffic = (traffic: Record<string, unknown>): unknown => cluster(bootstrapOf(modelOf({}, { traffic })), V1);

test("a version's endpoints are the inbound addresses of its replicas", () => {
  const endpoints = at(cluster(bootstrapOf(modelOf()), V1), "load_assignment", "endpoints", 0, "lb_endpoints");
  expect(endpoints).toEqual(
    ["127.77.1.1", "127.77.2.1"].map((address) => ({
      endpoint: { address: { socket_address: { address, port_value: 8080 } } },
    })),
  );
});

test("a placement decides the addresses and the number of replicas", () => {
  const model = modelOf();
  const placement = defaultPlacement(model);
  const [first] = placement.replicas["shop/web-v1"] ?? [];
  if (first === undefined) throw new Error("no replica");
  const moved = { ...first, replica: "x", inbound: { 8080: { address: "127.9.9.9", port: 4242 } } };
  const options = { placement: { ...placement, replicas: { ...placement.replicas, "shop/web-v1": [moved] } } };
  const bootstrap = bootstrapOf(model, "web-v1", "x", options);
  expect(at(bootstrap, "static_resources", "listeners", 0, "address")).toEqual({
    socket_address: { address: "127.9.9.9", port_value: 4242 },
  });
  expect(
    at(cluster(bootstrapOf(model, "meshup-client", 0, options), V1), "load_assignment", "endpoints", 0, "lb_endpoints"),
  ).toHaveLength(1);
});

test("a limit that the model leaves open is no limit, not Envoy's 1024", () => {
  const open = at(withTraffic({}), "circuit_breakers", "thresholds", 0);
  expect(open).toMatchObject({
    max_connections: 4_294_967_295,
    max_requests: 4_294_967_295,
    max_retries: 4_294_967_295,
  });
  const limited = at(withTraffic({ connectionPool: { maxConnections: 7 } }), "circuit_breakers", "thresholds", 0);
  expect(limited).toMatchObject({ max_connections: 7 });
});

test("peak EWMA comes first and least_request behind it, for engines that do not know it", () => {
  const policies = at(withTraffic({ loadBalancing: { policy: "PEAK_EWMA" } }), "load_balancing_policy", "policies");
  const types = [0, 1].map((n) => at(policies, n, "typed_extension_config", "typed_config", "@type"));
  expect(types).toEqual([
    "type.googleapis.com/xds.type.v3.TypedStruct",
    "type.googleapis.com/envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest",
  ]);
});

test("outlier detection ejects for what was asked only", () => {
  const outliers = at(withTraffic({ outlierDetection: { consecutive5xx: 3 } }), "outlier_detection");
  expect(outliers).toMatchObject({ consecutive_5xx: 3, enforcing_success_rate: 0 });
  expect(at(withTraffic({}), "outlier_detection")).toBeUndefined();
});

test("the safe values that Envoy leaves open are written out", () => {
  expect(manager(bootstrapOf(modelOf(), "web-v1"))).toMatchObject({
    normalize_path: true,
    request_headers_timeout: "10s",
    common_http_protocol_options: { max_headers_count: 100, headers_with_underscores_action: "REJECT_REQUEST" },
  });
});

test("a sidecar listens outward for what its service calls, and for nothing else", () => {
  const caller = (calls: string[]): Record<string, unknown> => ({
    services: [
      {
        name: "web",
        labels: { app: "web" },
        ports: [{ name: "http", port: 80, targetPort: 8080, protocol: "http" }],
        calls,
        versions: [{ name: "v1", labels: { version: "v1" }, workload: { name: "web-v1", replicas: 1 } }],
      },
      {
        name: "api",
        labels: { app: "api" },
        ports: [{ name: "http", port: 80, targetPort: 8080, protocol: "http" }],
        versions: [{ name: "v1", labels: { version: "v1" }, workload: { name: "api-v1", replicas: 1 } }],
      },
    ],
  });
  const names = (calls: string[]): unknown[] =>
    (at(bootstrapOf(modelOf(caller(calls)), "web-v1"), "static_resources", "listeners") as { name: string }[]).map(
      (l) => l.name,
    );
  expect(names([])).toEqual(["inbound_8080"]);
  expect(names(["api"])).toEqual(["inbound_8080", "outbound_80_api.shop"]);
});

test("what shares an address listens on ports of its own, whatever moves up from below 1024", () => {
  const ports = [80, 8080, 81, 8081].map((port) => ({ name: `p${port}`, port, targetPort: port, protocol: "http" }));
  const { replicas, client } = defaultPlacement(modelOf({}, { ports }));
  const inbound = Object.values(replicas["shop/web-v1"]?.[0]?.inbound ?? {}).map(({ port }) => port);
  const outbound = Object.values(client.outbound).map(({ port }) => port);
  for (const each of [inbound, outbound]) expect([...each].sort()).toEqual([8080, 8081, 8082, 8083]);
});
