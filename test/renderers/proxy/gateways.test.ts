import { type Message, render } from "../../../src/renderers/proxy";
import { at, bootstrapOf, modelOf, to } from "./support";

type Json = Record<string, unknown>;

const mesh = (listeners: Json[], routes: Json[], engine = "bundled"): ReturnType<typeof modelOf> =>
  modelOf({ backends: { proxy: { engine } }, gateways: [{ name: "public", namespace: "edge", listeners }], routes });
const toV1: Json = { http: [{ matches: [{ path: { prefix: "/v1" } }], backends: [to("v1")] }] };
const gateway = (model: ReturnType<typeof modelOf>): Message => bootstrapOf(model, "public-gateway");
const listeners = (model: ReturnType<typeof modelOf>): Json[] =>
  at(gateway(model), "static_resources", "listeners") as Json[];
const hosts = (listener: unknown, chain = 0): Json[] =>
  at(listener, "filter_chains", chain, "filters", 0, "typed_config", "route_config", "virtual_hosts") as Json[];

const http = { name: "http", port: 80, protocol: "http", hostname: "shop.example" };
const https = {
  name: "https",
  port: 443,
  protocol: "https",
  hostname: "shop.example",
  tls: { certificateRef: "shop" },
};

describe("doors", () => {
  test("an http listener answers to its host, with the rules of the routes attached to it", () => {
    const [door] = listeners(mesh([http], [{ name: "shop", gateway: { name: "public", namespace: "edge" }, ...toV1 }]));
    expect(at(door, "address", "socket_address", "port_value")).toBe(8080);
    expect(hosts(door)).toMatchObject([
      {
        domains: ["shop.example", "shop.example:80", "shop.example:8080"],
        routes: [{ match: { path_separated_prefix: "/v1" }, route: { cluster: "outbound|80|v1|web.shop" } }],
      },
    ]);
    expect(at(door, "filter_chains", 0, "filters", 0, "typed_config", "use_remote_address")).toBe(true);
  });

  test("a route's own hosts go before the listener's", () => {
    const wild = { ...http, hostname: "*.shop.example" };
    const parents = [{ gateway: { name: "public", namespace: "edge" } }];
    const model = mesh([wild], [{ name: "shop", parents, hostnames: ["a.shop.example"], ...toV1 }]);
    expect(hosts(listeners(model)[0]).map(({ name }) => name)).toEqual(["a.shop.example"]);
  });

  test("an https listener shows the certificate of its secret, and goes on by the mesh's own mTLS", () => {
    const model = mesh([https], [{ name: "shop", gateway: { name: "public", namespace: "edge" }, ...toV1 }]);
    const [door] = listeners(model);
    expect(
      at(door, "filter_chains", 0, "transport_socket", "typed_config", "common_tls_context", "tls_certificates"),
    ).toEqual([
      { certificate_chain: { filename: "secrets/shop/tls.crt" }, private_key: { filename: "secrets/shop/tls.key" } },
    ]);
    const cluster = at(gateway(model), "static_resources", "clusters", "name=outbound|80|v1|web.shop");
    expect(at(cluster, "transport_socket", "typed_config", "sni")).toBe("web.shop");
  });

  test("client certificates are asked for where a listener is MUTUAL", () => {
    const mutual = { ...https, tls: { mode: "MUTUAL", certificateRef: "shop" } };
    const [door] = listeners(
      mesh([mutual], [{ name: "shop", gateway: { name: "public", namespace: "edge" }, ...toV1 }]),
    );
    expect(at(door, "filter_chains", 0, "transport_socket", "typed_config")).toMatchObject({
      require_client_certificate: true,
      common_tls_context: { validation_context: { trusted_ca: { filename: "secrets/shop/ca.crt" } } },
    });
  });

  test("two https listeners of a port are told apart by the server name", () => {
    const other = { ...https, name: "other", hostname: "other.example", tls: { certificateRef: "other" } };
    const [door] = listeners(
      mesh([https, other], [{ name: "shop", gateway: { name: "public", namespace: "edge" }, ...toV1 }]),
    );
    expect([0, 1].map((n) => at(door, "filter_chains", n, "filter_chain_match", "server_names"))).toEqual([
      ["shop.example"],
      ["other.example"],
    ]);
    expect(hosts(door, 1).map(({ name }) => name)).toEqual(["other.example"]);
  });

  test("a listener that redirects opens port 80 for it, for its host alone", () => {
    const redirecting = { ...https, tls: { certificateRef: "shop", redirectHttp: true } };
    const plain = { ...http, hostname: "plain.example" };
    const doors = listeners(
      mesh([plain, redirecting], [{ name: "shop", gateway: { name: "public", namespace: "edge" }, ...toV1 }]),
    );
    expect(hosts(doors[0])).toMatchObject([
      { name: "plain.example", routes: [{ route: { cluster: "outbound|80|v1|web.shop" } }] },
      { name: "shop.example", routes: [{ redirect: { https_redirect: true } }] },
    ]);
  });

  test("TCP is relayed, and TLS passed on by the name asked for", () => {
    const tcp = { name: "tcp", port: 9000, protocol: "tcp" };
    const tls = { name: "tls", port: 9443, protocol: "tls", tls: { mode: "PASSTHROUGH" } };
    const [first, second] = listeners(
      mesh(
        [tcp, tls],
        [
          {
            name: "t",
            parents: [{ gateway: { name: "public", namespace: "edge" }, listener: "tcp" }],
            tcp: [{ backends: [to("v1")] }],
          },
          {
            name: "s",
            parents: [{ gateway: { name: "public", namespace: "edge" }, listener: "tls" }],
            tls: [{ matches: [{ sni: ["a.example"] }], backends: [to("v2")] }],
          },
        ],
        "envoy",
      ),
    );
    expect(at(first, "filter_chains", 0, "filters", 0, "typed_config", "cluster")).toBe("outbound|80|v1|web.shop");
    expect(at(second, "filter_chains", 0, "filter_chain_match", "server_names")).toEqual(["a.example"]);
  });
});

test("a gateway is somebody: its own account, in its own namespace", () => {
  const made = gateway(mesh([http], []));
  expect(at(made, "node", "id")).toBe("public-gateway.edge");
});

test("a rule for one namespace's callers holds for a gateway of that namespace", () => {
  const rules = [
    { matches: [{ source: { namespace: "elsewhere" } }], backends: [to("v2")] },
    { matches: [{ source: { namespace: "edge" } }], backends: [to("v1")] },
  ];
  const model = mesh([http], [{ name: "shop", gateway: { name: "public", namespace: "edge" }, http: rules }]);
  expect((hosts(listeners(model)[0])[0]?.routes as Json[]).map((route) => at(route, "route", "cluster"))).toEqual([
    "outbound|80|v1|web.shop",
  ]);
});

describe("findings", () => {
  test("gateways are no loss", () => {
    expect(render(mesh([http], [])).findings).toEqual([]);
  });
  test("open egress that was asked for is told as what it is", () => {
    expect(render(modelOf({ egress: { mode: "ALLOW_ANY" } })).findings).toMatchObject([
      { code: "MESH2405", level: "info" },
    ]);
    expect(render(modelOf()).findings).toEqual([]);
  });
});

test("a client certificate to the outside is the secret's", () => {
  const model = modelOf(
    {
      externalServices: [
        {
          name: "bank",
          hosts: ["bank.example"],
          ports: [{ name: "https", port: 443, protocol: "http" }],
          tls: { mode: "MUTUAL", certificateRef: "bank" },
        },
      ],
    },
    { calls: ["bank"] },
  );
  const cluster = at(bootstrapOf(model, "web-v1"), "static_resources", "clusters", "name=outbound|443||bank.shop");
  expect(at(cluster, "transport_socket", "typed_config", "common_tls_context", "tls_certificates")).toEqual([
    { certificate_chain: { filename: "secrets/bank/tls.crt" }, private_key: { filename: "secrets/bank/tls.key" } },
  ]);
});

test("a negated query parameter cannot be written, so its match takes nothing rather than more", () => {
  const model = mesh(
    [http],
    [
      {
        name: "shop",
        gateway: { name: "public", namespace: "edge" },
        http: [{ matches: [{ query: [{ name: "q", exact: "a", negate: true }] }], backends: [to("v1")] }],
      },
    ],
  );
  expect(hosts(listeners(model)[0])[0]?.routes).toEqual([]);
});
