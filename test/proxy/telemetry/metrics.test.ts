import { Flag } from "../../../src/proxy/core/flags";
import type { PeerIdentity } from "../../../src/proxy/core/security";
import { IstioMetrics, workloadOf } from "../../../src/proxy/telemetry/istio-metrics";
import { Exposition } from "../../../src/proxy/telemetry/prometheus";
import { gatherStats, writeStats } from "../../../src/proxy/telemetry/stats";
import { cluster, record, view } from "../support/view";

const own = { service: "cart", namespace: "shop", workload: "cart-v1", version: "v1" };

function peer(uri: string): PeerIdentity {
  return { uriSans: [uri], dnsSans: [], subject: "", fingerprint: "", validTo: 0 };
}

function exposed(metrics: IstioMetrics): string {
  const out = new Exposition();
  metrics.write(out);
  return out.toString();
}

/** The labels of each istio_requests_total, and its value. */
function requests(metrics: IstioMetrics): { labels: Record<string, string>; value: number }[] {
  const lines = exposed(metrics).matchAll(/^istio_requests_total\{(.*)\} (\d+)$/gm);
  return [...lines].map(([, labels, value]) => ({
    labels: Object.fromEntries([...(labels as string).matchAll(/(\w+)="([^"]*)"/g)].map((m) => [m[1], m[2]])),
    value: Number(value),
  }));
}

describe("Istio's metrics", () => {
  test("name the source of an inbound request by its proven identity", () => {
    const metrics = new IstioMetrics(own);
    metrics.onRequest(record({ peer: peer("spiffe://example.org/ns/edge/sa/web") }));
    expect(requests(metrics)).toMatchObject([
      {
        value: 1,
        labels: {
          reporter: "destination",
          source_principal: "spiffe://example.org/ns/edge/sa/web",
          source_workload: "web",
          source_workload_namespace: "edge",
          destination_workload: "cart-v1",
          destination_service: "cart.shop",
          destination_service_name: "cart",
          response_code: "200",
          response_flags: "-",
          connection_security_policy: "mutual_tls",
        },
      },
    ]);
  });

  test("know nothing of a caller without identity, whatever it sends", () => {
    const metrics = new IstioMetrics(own);
    metrics.onRequest(record({ requestHeader: () => "spiffe://example.org/ns/edge/sa/admin" }));
    expect(requests(metrics)[0]?.labels).toMatchObject({
      source_principal: "unknown",
      source_workload: "unknown",
      connection_security_policy: "none",
    });
  });

  test("name the destination of an outbound request by its cluster", () => {
    const metrics = new IstioMetrics(own);
    const metadata = { meshup: { service: "rates", namespace: "fx", version: "v2" } };
    const upstream = {
      cluster: cluster("out", { metadata }),
      upstreamPeer: peer("spiffe://example.org/ns/fx/sa/rates"),
    };
    metrics.onRequest(
      record({ direction: "outbound", flags: Flag.UpstreamConnectionFailure, status: 503, ...upstream }),
    );
    expect(requests(metrics)[0]?.labels).toMatchObject({
      reporter: "source",
      source_workload: "cart-v1",
      destination_service: "rates.fx",
      destination_version: "v2",
      destination_principal: "spiffe://example.org/ns/fx/sa/rates",
      response_code: "503",
      response_flags: "UF",
    });
  });

  test("do not grow with paths, hosts or headers", () => {
    const metrics = new IstioMetrics(own);
    for (let i = 0; i < 100_000; i++) metrics.onRequest(record({ path: `/${i}`, authority: `h${i}` }));
    expect(requests(metrics)).toMatchObject([{ value: 100_000 }]);
  });

  test("do not grow without bound with identities: what is too many shares one series", () => {
    const metrics = new IstioMetrics(own);
    for (let i = 0; i < 5_000; i++) metrics.onRequest(record({ peer: peer(`spiffe://example.org/ns/a/sa/s${i}`) }));
    const series = requests(metrics);
    expect(series).toHaveLength(2_001);
    expect(series.at(-1)).toMatchObject({ labels: { reporter: "other" }, value: 3_000 });
  });

  test("count into cumulative buckets whose last equals the count", () => {
    const metrics = new IstioMetrics(own);
    for (const durationMs of [0.4, 5, 5.1, 10_000_000]) metrics.onRequest(record({ durationMs }));
    const text = exposed(metrics);
    const bucket = (le: string) =>
      Number(new RegExp(`^istio_request_duration_milliseconds_bucket\\{.*le="${le}"\\} (\\d+)$`, "m").exec(text)?.[1]);
    expect([bucket("0.5"), bucket("5"), bucket("10"), bucket("3600000"), bucket("\\+Inf")]).toEqual([1, 2, 3, 3, 4]);
    expect(text).toMatch(/^istio_request_duration_milliseconds_count\{.*\} 4$/m);
    expect(text).toMatch(/^istio_request_duration_milliseconds_sum\{.*\} 10000010.5$/m);
  });

  test("a workload is what the metadata says, unknown where it is silent", () => {
    expect(workloadOf({ meshup: { service: "a", version: "" } })).toEqual({
      service: "a",
      namespace: "unknown",
      workload: "unknown",
      version: "unknown",
    });
    expect(workloadOf(undefined).service).toBe("unknown");
  });
});

describe("Envoy's statistics", () => {
  const u = cluster("u");
  u.stats.upstream_rq_2xx = 7;
  u.stats.outlier_detection_ejections_active = 1;
  const stats = gatherStats(view({ clusters: () => [u] }), 12.7);
  const named = (name: string) => stats.find((s) => s.name === name);

  test("have Envoy's dotted names and types", () => {
    expect(named("cluster.u.upstream_rq_2xx")).toMatchObject({ value: 7, type: "counter" });
    expect(named("cluster.u.upstream_rq_active")).toMatchObject({ type: "gauge" });
    expect(named("cluster.u.outlier_detection.ejections_active")).toMatchObject({ value: 1, type: "gauge" });
    expect(named("cluster.u.membership_total")).toMatchObject({ value: 1, type: "gauge" });
    expect(named("http.in.downstream_rq_total")).toMatchObject({ type: "counter" });
    expect(named("listener.127.0.0.1_80.downstream_cx_total")).toMatchObject({ value: 0, type: "counter" });
    expect(named("server.uptime")).toMatchObject({ value: 12 });
    expect(named("server.live")).toMatchObject({ value: 1, type: "gauge" });
  });

  test("have Envoy's names and labels for Prometheus, each metric's samples together", () => {
    const out = new Exposition();
    writeStats(stats, out);
    const text = out.toString();
    expect(text).toContain('envoy_cluster_upstream_rq_xx{envoy_response_code_class="2",envoy_cluster_name="u"} 7\n');
    expect(text).toContain('envoy_http_downstream_rq_total{envoy_http_conn_manager_prefix="in"} 0\n');
    expect(text).toContain('envoy_listener_downstream_cx_total{envoy_listener_address="127.0.0.1_80"} 0\n');
    const types = [...text.matchAll(/^# TYPE (\S+)/gm)].map((m) => m[1]);
    expect(new Set(types).size).toBe(types.length);
  });
});

test("label values cannot break out of their quotes", () => {
  const out = new Exposition();
  out.add("m", "gauge", [["l", 'a"b\\c\nd']], 1);
  expect(out.toString()).toBe('# TYPE m gauge\nm{l="a\\"b\\\\c\\nd"} 1\n');
});
