import { one, request, router, type Setup } from "../setup";
import { toCluster } from "./to-cluster";

/** Limits in time of requests and connections, and what a connection manager adds and takes away. */
const receiving: Setup = {
  name: "request-timeout",
  manager: { request_timeout: "0.4s" },
  hosts: toCluster("request-timeout"),
  cases: [
    {
      name: "the body never ends",
      steps: [{ send: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n{case}\r\nhalf" }],
      methods: ["POST"],
    },
    {
      name: "the head never ends",
      steps: [{ send: "GET / HTTP/1.1\r\nHost: a\r\n" }, { sleep: 800 }],
      methods: ["GET"],
      except: ["log"],
    },
    one("in time, a slow response", "POST", "/", {}, { content: "x", answers: [{ delay: 700 }] }),
    {
      name: "in two pieces, in time",
      steps: [
        { send: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n{case}\r\nha" },
        { sleep: 100 },
        { send: "lf" },
      ],
      methods: ["POST"],
    },
  ],
};

const aged = { common_http_protocol_options: { max_connection_duration: "0.3s" } };
const ages: readonly Setup[] = [
  {
    name: "connection-duration",
    manager: aged,
    hosts: toCluster("connection-duration"),
    cases: [
      {
        name: "the last response says so",
        steps: [{ send: request("GET", "/1") }, { await: "from u0" }, { sleep: 600 }, { send: request("GET", "/2") }],
        methods: ["GET", "GET"],
      },
      one("a young connection", "GET", "/"),
      one("a response that is late", "GET", "/", {}, { answers: [{ delay: 600 }] }),
    ],
  },
  {
    name: "connection-drain",
    manager: { ...aged, drain_timeout: "0.2s" },
    hosts: toCluster("connection-drain"),
    cases: [
      {
        name: "nothing more is asked",
        steps: [{ send: request("GET", "/") }, { await: "from u0" }, { sleep: 2000 }],
        methods: ["GET"],
        closes: true,
      },
    ],
  },
];

const ports: Setup = {
  name: "ports-stripped",
  manager: { strip_any_host_port: true },
  hosts: [
    {
      name: "named",
      domains: ["a.example", "[::1]"],
      routes: [{ match: { prefix: "/" }, route: { cluster: "ports-stripped" } }],
    },
    { name: "others", domains: ["*"], routes: [{ match: { prefix: "/" }, direct_response: { status: 404 } }] },
  ],
  cases: ["a.example", "a.example:80", "a.example:8080", "[::1]:81", "[::1]", "b.example:80"].map((host) =>
    one(host, "GET", "/", { Host: host }),
  ),
};

const suppressed: Setup = {
  name: "envoy-headers-suppressed",
  manager: {
    http_filters: [{ ...router, typed_config: { ...router.typed_config, suppress_envoy_headers: true } }],
  },
  hosts: toCluster("envoy-headers-suppressed", {
    prefix_rewrite: "/to/",
    host_rewrite_literal: "b.example",
    retry_policy: { retry_on: "5xx", num_retries: 1 },
  }),
  clusters: {
    "envoy-headers-suppressed": {
      to: ["u0"],
      circuit_breakers: { thresholds: [{ max_connections: 1, max_pending_requests: 1, max_requests: 1 }] },
    },
  },
  cases: [one("a request", "GET", "/x"), one("tried again", "GET", "/x", {}, { answers: [{ status: 503 }, {}] })],
};

const options = (name: string, fields: object) => ({
  [name]: {
    to: ["u0"],
    typed_extension_protocol_options: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
        "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
        ...fields,
      },
    },
  },
});
const explicit = { explicit_http_config: { http_protocol_options: {} } };
const upstreams: readonly Setup[] = [
  {
    name: "upstream-duration",
    clusters: options("upstream-duration", {
      ...explicit,
      common_http_protocol_options: { max_connection_duration: "0.3s" },
    }),
    hosts: toCluster("upstream-duration"),
    counters: ["upstream_cx_total"],
    cases: [
      {
        name: "a new connection after its time",
        steps: [{ send: request("GET", "/1") }, { await: "from u0" }, { sleep: 700 }, { send: request("GET", "/2") }],
        methods: ["GET", "GET"],
      },
      {
        name: "the same within it",
        steps: [{ sleep: 500 }, { send: request("GET", "/1") + request("GET", "/2") }],
        methods: ["GET", "GET"],
      },
      one("a response that is late is served", "GET", "/", {}, { answers: [{ delay: 600 }] }),
    ],
  },
  {
    name: "response-headers",
    clusters: options("response-headers", { ...explicit, common_http_protocol_options: { max_headers_count: 20 } }),
    hosts: toCluster("response-headers"),
    cases: [10, 30].map((count) =>
      one(
        `${count} fields`,
        "GET",
        "/",
        {},
        {
          answers: [{ headers: Object.fromEntries(Array.from({ length: count }, (_, i) => [`x-${i}`, "v"])) }],
        },
      ),
    ),
  },
  {
    name: "downstream-protocol",
    clusters: options("downstream-protocol", { use_downstream_protocol_config: { http_protocol_options: {} } }),
    hosts: toCluster("downstream-protocol"),
    cases: [one("HTTP/1.1", "GET", "/"), one("a body", "POST", "/", {}, { content: "x" })],
  },
];

export const connections: readonly Setup[] = [receiving, ...ages, ports, suppressed, ...upstreams];
