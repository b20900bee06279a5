import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBundled, startEnvoy, type Engine } from "./differential/engines";
import { describePart } from "./support/parts";

const type = (name: string): object => ({ "@type": `type.googleapis.com/${name}` });
const keys = 1000;

interface Cluster {
  readonly name: string;
  readonly weights?: readonly number[];
  readonly localities?: readonly number[];
  readonly policy: object;
}

const ring = (over: object = {}): object => ({
  ...type("envoy.extensions.load_balancing_policies.ring_hash.v3.RingHash"),
  ...over,
});
const maglev = (over: object = {}): object => ({
  ...type("envoy.extensions.load_balancing_policies.maglev.v3.Maglev"),
  ...over,
});

const clusters: readonly Cluster[] = [
  { name: "ring", policy: ring() },
  { name: "ring-weighted", weights: [1, 2, 3, 4, 5], policy: ring() },
  { name: "ring-murmur", weights: [7, 1, 1, 1, 3], policy: ring({ hash_function: "MURMUR_HASH_2" }) },
  { name: "ring-small", policy: ring({ minimum_ring_size: 3, maximum_ring_size: 60 }) },
  {
    name: "ring-localities",
    localities: [3, 1],
    policy: ring({ locality_weighted_lb_config: {} }),
  },
  { name: "maglev", policy: maglev() },
  { name: "maglev-weighted", weights: [1, 20, 3, 4, 5], policy: maglev() },
  { name: "maglev-small", weights: [2, 1, 1, 1, 1], policy: maglev({ table_size: 251 }) },
];

const hashPolicies: Readonly<Record<string, readonly object[]>> = {
  header: [{ header: { header_name: "x-key" } }],
  two: [{ header: { header_name: "x-key" } }, { query_parameter: { name: "k" } }],
  terminal: [
    { header: { header_name: "x-absent" }, terminal: true },
    { query_parameter: { name: "k" }, terminal: true },
    { header: { header_name: "x-key" } },
  ],
  cookie: [{ cookie: { name: "session" } }],
};

function config(ports: readonly number[], log: string): object {
  const endpoint = (port: number, i: number, weights: readonly number[] | undefined): object => ({
    endpoint: { address: { socket_address: { address: "127.0.0.1", port_value: port } } },
    ...(weights && { load_balancing_weight: weights[i] }),
  });
  const assignment = ({ name, weights, localities }: Cluster): object => ({
    cluster_name: name,
    endpoints:
      localities === undefined
        ? [{ lb_endpoints: ports.map((port, i) => endpoint(port, i, weights)) }]
        : localities.map((weight, at) => ({
            locality: { region: `r${at}` },
            load_balancing_weight: weight,
            lb_endpoints: ports.filter((_, i) => i % 2 === at).map((port, i) => endpoint(port, i, weights)),
          })),
  });
  const routes = clusters.flatMap(({ name }) =>
    Object.entries(hashPolicies).map(([policy, hash_policy]) => ({
      match: { path: `/${name}/${policy}` },
      route: { cluster: name, hash_policy },
    })),
  );
  return {
    node: { id: "hash", cluster: "hash" },
    admin: { address: { socket_address: { address: "127.0.0.1", port_value: 0 } } },
    static_resources: {
      clusters: clusters.map((cluster) => ({
        name: cluster.name,
        type: "STATIC",
        connect_timeout: "5s",
        load_assignment: assignment(cluster),
        load_balancing_policy: { policies: [{ typed_extension_config: { name: "p", typed_config: cluster.policy } }] },
      })),
      listeners: [
        {
          name: "hash",
          address: { socket_address: { address: "127.0.0.1", port_value: 0 } },
          filter_chains: [
            {
              filters: [
                {
                  name: "http",
                  typed_config: {
                    ...type("envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
                    stat_prefix: "hash",
                    route_config: { name: "r", virtual_hosts: [{ name: "v", domains: ["*"], routes }] },
                    http_filters: [
                      { name: "router", typed_config: type("envoy.extensions.filters.http.router.v3.Router") },
                    ],
                    access_log: [
                      {
                        name: "file",
                        typed_config: {
                          ...type("envoy.extensions.access_loggers.file.v3.FileAccessLog"),
                          path: log,
                        },
                      },
                    ],
                  },
                },
              ],
            },
          ],
        },
      ],
    },
  };
}

/** Sends all requests on one connection and gives the bodies, one character each, in order. */
function ask(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let bodies = "";
    let rest = "";
    let sent = 0;
    const send = (): void => {
      const i = sent++;
      // Some keys repeat the header; a cookie stands among others, quoted now and then.
      const more = i % 7 === 0 ? `x-key: a${i}\r\n` : "";
      const session = i % 5 === 0 ? `"s-${i}"` : `s-${i}`;
      socket.write(
        `GET ${path}?a=1&k=q${i} HTTP/1.1\r\nhost: h\r\nx-key: key-${i}\r\n${more}cookie: a=b; session=${session}\r\n\r\n`,
      );
    };
    socket.on("data", (data) => {
      rest += data.toString("latin1");
      for (let end = rest.indexOf("\r\n\r\n"); end >= 0 && rest.length > end + 4; end = rest.indexOf("\r\n\r\n")) {
        bodies += rest[end + 4] as string;
        rest = rest.slice(end + 5);
        if (sent < keys) send();
        else {
          socket.destroy();
          resolve(bodies);
        }
      }
    });
    socket.on("error", reject);
    send();
  });
}

describePart("consistent hashing agrees with Envoy on every key", ["envoy"], ({ envoy }) => {
  const dir = mkdtempSync(join(tmpdir(), "meshup-hash-"));
  const upstreams: Server[] = [];
  const engines: Engine[] = [];

  beforeAll(async () => {
    for (let i = 0; i < 5; i++) {
      const server = createServer((_request, response) =>
        response.writeHead(200, { "content-length": "1" }).end(String(i)),
      );
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      upstreams.push(server);
    }
    const ports = upstreams.map((server) => (server.address() as AddressInfo).port);
    const log = (name: string): string => {
      const path = join(dir, `${name}.log`);
      writeFileSync(path, "");
      return path;
    };
    engines.push(await startBundled(config(ports, log("bundled")), log("bundled")));
    engines.push(await startEnvoy(envoy, config(ports, log("envoy")), log("envoy"), dir));
  }, 60_000);

  afterAll(async () => {
    for (const engine of engines) await engine.end();
    for (const server of upstreams) {
      server.closeAllConnections();
      server.close();
    }
    rmSync(dir, { recursive: true, force: true });
  });

  const cases = clusters.flatMap(({ name }) =>
    (name === "ring" || name === "maglev" ? Object.keys(hashPolicies) : ["header"]).map((policy) => [name, policy]),
  );
  test.each(cases)("%s by %s", async (cluster, policy) => {
    const [ours, theirs] = await Promise.all(
      engines.map((engine) => ask(engine.ports["hash"] as number, `/${cluster}/${policy}`)),
    );
    expect(ours).toHaveLength(keys);
    expect(ours).toBe(theirs);
    expect(new Set(ours).size).toBe(5);
  });
});
