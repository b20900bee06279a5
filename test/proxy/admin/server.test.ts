import { request } from "node:http";
import { AdminServer, type AdminProvider } from "../../../src/proxy/admin/server";
import type { ProxyView } from "../../../src/proxy/core/view";
import { cluster, view } from "../support/view";

let server: AdminServer;
let port = 0;
let level = "info";
let quits = 0;
let current: ProxyView = view();

const bootstrap = {
  node: { id: "n" },
  static_resources: { clusters: [{ name: "u" }], listeners: [{ name: "l" }] },
};

beforeAll(async () => {
  const provider: AdminProvider = {
    get view() {
      return current;
    },
    version: "meshup/1",
    uptimeSeconds: () => 5.5,
    bootstrapJson: () => bootstrap,
    writeMetrics: (out) => out.add("istio_requests_total", "counter", [["reporter", "source"]], 3),
    logLevel: () => level,
    setLogLevel: (name) => {
      if (!["info", "debug"].includes(name)) return false;
      level = name;
      return true;
    },
    quit: () => quits++,
  };
  server = new AdminServer(provider);
  ({ port } = await server.listen("127.0.0.1", 0));
});
afterAll(() => server.close());
beforeEach(() => (current = view()));

function call(path: string, method = "GET"): Promise<{ status: number; type: string; body: string }> {
  return new Promise((resolve, reject) => {
    const req = request({ host: "127.0.0.1", port, path, method }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (part: string) => (body += part));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, type: response.headers["content-type"] ?? "", body }),
      );
    });
    req.on("error", reject).end();
  });
}

test("/ready is 200 only where the proxy is live", async () => {
  expect(await call("/ready")).toMatchObject({ status: 200, body: "LIVE\n" });
  current = view({ state: "DRAINING" });
  expect(await call("/ready")).toMatchObject({ status: 503, body: "DRAINING\n" });
});

test("/stats/prometheus has Envoy's statistics and those of others", async () => {
  const { body, type } = await call("/stats/prometheus");
  expect(type).toMatch(/^text\/plain; version=0.0.4/);
  expect(body).toContain('envoy_cluster_upstream_rq_total{envoy_cluster_name="u"} 0\n');
  expect(body).toContain('istio_requests_total{reporter="source"} 3\n');
});

test("/stats is sorted text, filtered by RE2, or JSON", async () => {
  const lines = (await call("/stats?filter=^cluster%5C.u%5C.upstream_rq_[25]xx$")).body;
  expect(lines).toBe("cluster.u.upstream_rq_2xx: 0\ncluster.u.upstream_rq_5xx: 0\n");
  expect(JSON.parse((await call("/stats?format=json&filter=server.live")).body)).toEqual({
    stats: [{ name: "server.live", value: 1 }],
  });
  expect((await call("/stats?usedonly")).body).not.toMatch(/: 0$/m);
  expect((await call("/stats?filter=(")).status).toBe(400);
});

test("/clusters has Envoy's lines and Envoy's JSON", async () => {
  const ejected = cluster("u");
  const hosts = [{ ...ejected.hosts[0]!, healthFlags: "/failed_outlier_check" }];
  current = view({ clusters: () => [cluster("u", { hosts })] });
  const { body } = await call("/clusters");
  expect(body).toContain("u::default_priority::max_connections::100\n");
  expect(body).toContain("u::127.0.0.1:8080::rq_total::0\n");
  expect(body).toContain("u::127.0.0.1:8080::health_flags::/failed_outlier_check\n");
  const json = JSON.parse((await call("/clusters?format=json")).body) as { cluster_statuses: unknown[] };
  expect(json.cluster_statuses[0]).toMatchObject({
    name: "u",
    host_statuses: [
      {
        address: { socket_address: { address: "127.0.0.1", port_value: 8080 } },
        health_status: { failed_outlier_check: true },
        weight: 1,
      },
    ],
  });
});

test("/config_dump has the bootstrap, clusters and listeners in Envoy's envelopes", async () => {
  const { configs } = JSON.parse((await call("/config_dump")).body) as { configs: Record<string, unknown>[] };
  expect(configs.map((c) => String(c["@type"]).split(".").at(-1))).toEqual([
    "BootstrapConfigDump",
    "ClustersConfigDump",
    "ListenersConfigDump",
  ]);
  expect(configs[0]).toMatchObject({ bootstrap, last_updated: "1970-01-01T00:00:00.000Z" });
  expect(configs[1]).toMatchObject({ static_clusters: [{ cluster: { name: "u" } }] });
});

test("/server_info says version, state and node", async () => {
  expect(JSON.parse((await call("/server_info")).body)).toMatchObject({
    version: "meshup/1",
    state: "LIVE",
    uptime_current_epoch: "5s",
    node: { id: "n" },
  });
});

test("what changes something wants POST", async () => {
  expect(await call("/logging?level=debug")).toMatchObject({ status: 405 });
  expect(await call("/quitquitquit")).toMatchObject({ status: 405 });
  expect([level, quits]).toEqual(["info", 0]);
  expect((await call("/logging?level=debug", "POST")).body).toBe("active loggers:\n  meshup: debug\n");
  expect(await call("/logging?level=loud", "POST")).toMatchObject({ status: 400 });
  expect(await call("/quitquitquit", "POST")).toMatchObject({ status: 200, body: "OK\n" });
  expect([level, quits]).toEqual(["debug", 1]);
});

test("an unknown path is 404 with the commands, other methods are refused", async () => {
  expect(await call("/nonsense")).toMatchObject({
    status: 404,
    body: expect.stringContaining("/config_dump") as string,
  });
  expect(await call("/stats", "DELETE")).toMatchObject({ status: 405 });
  expect((await call("/")).body).toContain("/ready");
  expect((await call("/listeners")).body).toBe("l::127.0.0.1:80\n");
});
