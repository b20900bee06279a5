import { one, type Case, type Setup } from "../setup";

const add = (key: string, value: string, append_action = "APPEND_IF_EXISTS_OR_ADD", more: object = {}) => ({
  header: { key, value },
  append_action,
  ...more,
});
const actions = ["APPEND_IF_EXISTS_OR_ADD", "ADD_IF_ABSENT", "OVERWRITE_IF_EXISTS_OR_ADD", "OVERWRITE_IF_EXISTS"];

/** Each action on a field that is there once, twice, or not. */
const perAction: Setup = {
  name: "header-actions",
  hosts: actions.map((action) => ({
    name: action,
    domains: [action.toLowerCase()],
    routes: [
      {
        match: { prefix: "/" },
        route: { cluster: "header-actions" },
        request_headers_to_add: [
          add("X-Req", "new", action),
          add("User-Agent", "agent", action),
          add("x-lost", "", action),
          add("x-empty", "", action, { keep_empty_value: true }),
        ],
        response_headers_to_add: [
          add("X-Resp", "new", action),
          add("server", "mine", action),
          add("cache-control", "no-store", action),
        ],
        request_headers_to_remove: ["x-gone", "Accept"],
        response_headers_to_remove: ["x-secret", "X-Powered-By"],
      },
    ],
  })),
  cases: actions.flatMap((action): Case[] => {
    const Host = action.toLowerCase();
    const answer = {
      headers: {
        "x-resp": "old",
        "X-Secret": "s",
        "x-powered-by": "p",
        "cache-control": "max-age=1",
        server: "theirs",
      },
    };
    return [
      one(`${action}, absent`, "GET", "/", { Host }),
      one(
        `${action}, present`,
        "GET",
        "/",
        { Host, "x-req": "old", "user-agent": "old", "x-lost": "1", "x-empty": "1", "x-gone": "1", accept: "*/*" },
        { answers: [answer] },
      ),
      one(`${action}, twice`, "GET", "/", [
        ["Host", Host],
        ["x-req", "1"],
        ["X-Req", "2"],
        ["x-gone", "1"],
        ["x-gone", "2"],
      ]),
    ];
  }),
};

const levels = (mark: string) => ({
  request_headers_to_add: [
    add("x-level", mark),
    add("x-last", mark, "OVERWRITE_IF_EXISTS_OR_ADD"),
    add("x-first", mark, "ADD_IF_ABSENT"),
  ],
  response_headers_to_add: [
    add("x-level", mark),
    add("x-last", mark, "OVERWRITE_IF_EXISTS_OR_ADD"),
    add("x-first", mark, "ADD_IF_ABSENT"),
  ],
  request_headers_to_remove: [`x-not-${mark}`],
  response_headers_to_remove: [`x-not-${mark}`],
});
const leveled = (name: string, specific: boolean): Setup => ({
  name,
  routeConfig: { ...levels("table"), most_specific_header_mutations_wins: specific },
  hosts: [
    {
      name: "all",
      domains: ["*"],
      ...levels("host"),
      routes: [
        { match: { prefix: "/r" }, route: { cluster: name }, ...levels("route") },
        { match: { prefix: "/d" }, direct_response: { status: 200, body: { inline_string: "d" } }, ...levels("route") },
        { match: { prefix: "/m" }, redirect: { path_redirect: "/x" }, ...levels("route") },
        { match: { prefix: "/" }, route: { cluster: name } },
      ],
    },
  ],
  cases: ["/r", "/d", "/m", "/"].flatMap((path) => [
    one(`${path} bare`, "GET", path),
    one(
      `${path} with fields`,
      "GET",
      path,
      { "x-level": "client", "x-last": "client", "x-first": "client", "x-not-host": "1", "x-not-route": "1" },
      {
        answers: [{ headers: { "x-level": "upstream", "x-last": "upstream", "x-not-table": "1" } }],
      },
    ),
  ]),
});

/** Fields that concern one hop, and those that Connection names. */
const hop: Setup = {
  name: "hop-by-hop",
  hosts: [{ name: "all", domains: ["*"], routes: [{ match: { prefix: "/" }, route: { cluster: "hop-by-hop" } }] }],
  cases: [
    one("keep-alive", "GET", "/", { Connection: "keep-alive", "Keep-Alive": "timeout=5" }),
    one("close", "GET", "/", { Connection: "close" }, { closes: true }),
    one("Close", "GET", "/", { Connection: "Close" }, { closes: true }),
    one("proxy-connection", "GET", "/", { "Proxy-Connection": "close" }, { closes: true }),
    one("names a field", "GET", "/", { Connection: "X-Mine", "x-mine": "1" }),
    one(
      "names two fields and close",
      "GET",
      "/",
      { Connection: "x-a, close, X-B", "x-a": "1", "x-b": "2" },
      { closes: true },
    ),
    one("te trailers", "GET", "/", { Connection: "te", TE: "trailers" }),
    one("te gzip", "GET", "/", { TE: "gzip" }),
    one("trailer", "POST", "/", { Trailer: "x-t" }, { content: "x" }),
    one("upgrade alone", "GET", "/", { Upgrade: "websocket" }),
    one("h2c offered", "GET", "/", {
      Connection: "Upgrade, HTTP2-Settings",
      Upgrade: "h2c",
      "HTTP2-Settings": "AAMAAABkAAQCAAAAAAIAAAAA",
    }),
    one("proxy-authorization", "GET", "/", { "Proxy-Authorization": "Basic x" }),
    one(
      "response hop fields",
      "GET",
      "/",
      {},
      { answers: [{ headers: { "keep-alive": "timeout=5", "proxy-connection": "x", "x-kept": "1" } }] },
    ),
    one("response says close", "GET", "/", {}, { answers: [{ headers: { connection: "close" } }], closes: true }),
    one("response names a field", "GET", "/", {}, { answers: [{ headers: { connection: "x-y", "x-y": "1" } }] }),
    one(
      "server and date of the upstream",
      "GET",
      "/",
      {},
      { answers: [{ headers: { server: "theirs", date: "Thu, 01 Jan 1970 00:00:00 GMT" } }] },
    ),
    one(
      "x-envoy fields of the upstream",
      "GET",
      "/",
      {},
      {
        answers: [
          {
            headers: {
              "x-envoy-upstream-service-time": "99",
              "x-envoy-overloaded": "true",
              "x-envoy-immediate-health-check-fail": "1",
            },
          },
        ],
      },
    ),
    one(
      "set-cookie twice",
      "GET",
      "/",
      {},
      { answers: [{ raw: "HTTP/1.1 200 OK\r\nset-cookie: a=1\r\nset-cookie: b=2\r\ncontent-length: 0\r\n\r\n" }] },
    ),
    one(
      "values beyond ASCII",
      "GET",
      "/",
      { "x-latin": "\xe9\xff" },
      { answers: [{ headers: { "x-latin": "\xe9" } }] },
    ),
    one("names in any case", "GET", "/", { "X-MiXeD": "V", "ACCEPT-encoding": "gzip" }),
    one("values with inner whitespace", "GET", "/", { "x-s": "a \t b" }),
    one("empty values", "GET", "/", { "x-e": "", accept: "" }),
    one("cookies in two fields", "GET", "/", [
      ["Cookie", "a=1"],
      ["cookie", "b=2"],
    ]),
    one("object's own names", "GET", "/", { __proto___: "1", constructor: "2", tostring: "3", hasownproperty: "4" }),
  ],
};

const underscores = (action: string): Setup => ({
  name: `underscores-${action.toLowerCase()}`,
  manager: { common_http_protocol_options: { headers_with_underscores_action: action } },
  hosts: [
    {
      name: "all",
      domains: ["*"],
      routes: [{ match: { prefix: "/" }, route: { cluster: `underscores-${action.toLowerCase()}` } }],
    },
  ],
  cases: [
    one("none", "GET", "/"),
    one("one", "GET", "/", { x_y: "1", "x-y": "2" }),
    one("begins with one", "GET", "/", { _x: "1" }),
    one("in the value", "GET", "/", { "x-y": "a_b" }),
  ],
});

/** XFF, request ids and what only the proxy may say. */
const edges: readonly (readonly [name: string, manager: object])[] = [
  ["edge-inside", {}],
  ["edge-outside", { use_remote_address: true }],
  ["edge-outside-no-append", { use_remote_address: true, skip_xff_append: true }],
  ["edge-inside-no-append", { skip_xff_append: true }],
  ["edge-no-id", { generate_request_id: false }],
  ["edge-keep-id", { use_remote_address: true, preserve_external_request_id: true }],
  ["edge-id-in-response", { always_set_request_id_in_response: true }],
  ["edge-named", { server_name: "gate" }],
  ["edge-hops", { use_remote_address: true, xff_num_trusted_hops: 1 }],
  ["edge-inside-hops", { xff_num_trusted_hops: 1 }],
  [
    "edge-internal",
    {
      use_remote_address: true,
      internal_address_config: { cidr_ranges: [{ address_prefix: "127.0.0.0", prefix_len: 8 }] },
    },
  ],
  [
    "edge-inside-internal",
    { internal_address_config: { cidr_ranges: [{ address_prefix: "10.0.0.0", prefix_len: 8 }] } },
  ],
  ["edge-server-append", { server_header_transformation: "APPEND_IF_ABSENT" }],
  ["edge-server-pass", { server_header_transformation: "PASS_THROUGH" }],
  ["edge-scheme", { scheme_header_transformation: { scheme_to_overwrite: "https" } }],
];
const edge = ([name, manager]: (typeof edges)[number]): Setup => ({
  name,
  manager,
  hosts: [{ name: "all", domains: ["*"], routes: [{ match: { prefix: "/" }, route: { cluster: name } }] }],
  cases: [
    one("bare", "GET", "/"),
    one("forwarded once", "GET", "/", { "X-Forwarded-For": "10.0.0.1" }),
    one("forwarded twice", "GET", "/", { "X-Forwarded-For": "1.2.3.4, 10.0.0.1" }),
    one("forwarded in two fields", "GET", "/", [
      ["x-forwarded-for", "1.2.3.4"],
      ["x-forwarded-for", "5.6.7.8"],
    ]),
    one("forwarded nonsense", "GET", "/", { "X-Forwarded-For": "unknown" }),
    one("forwarded proto", "GET", "/", { "X-Forwarded-Proto": "https" }),
    one("forwarded proto nonsense", "GET", "/", { "X-Forwarded-Proto": "gopher" }),
    one("forwarded host and port", "GET", "/", { "X-Forwarded-Host": "h", "X-Forwarded-Port": "1" }),
    one("a request id", "GET", "/", { "X-Request-Id": "mine" }),
    one("a client certificate", "GET", "/", { "X-Forwarded-Client-Cert": "URI=spiffe://evil" }),
    // A late answer, so that a limit of 1 ms always cuts off where it is obeyed.
    one(
      "steering fields",
      "GET",
      "/",
      {
        "x-envoy-retry-on": "5xx",
        "x-envoy-max-retries": "3",
        "x-envoy-upstream-rq-timeout-ms": "1",
        "x-envoy-internal": "true",
        "x-envoy-external-address": "9.9.9.9",
        "x-envoy-original-path": "/spoofed",
        "x-envoy-decorator-operation": "op",
        "x-envoy-downstream-service-cluster": "me",
        "x-envoy-expected-rq-timeout-ms": "7",
        "x-envoy-attempt-count": "9",
      },
      { answers: [{ delay: 300 }] },
    ),
    one("a trace", "GET", "/", {
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      tracestate: "a=b",
    }),
    one("a server of the upstream", "GET", "/", {}, { answers: [{ headers: { server: "theirs" } }] }),
  ],
});
const clientCerts = ["SANITIZE", "FORWARD_ONLY", "APPEND_FORWARD", "SANITIZE_SET", "ALWAYS_FORWARD_ONLY"].map(
  (mode): Setup => {
    const name = `xfcc-${mode.toLowerCase().replaceAll("_", "-")}`;
    return {
      name,
      manager: { forward_client_cert_details: mode, set_current_client_cert_details: { uri: true } },
      hosts: [{ name: "all", domains: ["*"], routes: [{ match: { prefix: "/" }, route: { cluster: name } }] }],
      cases: [
        one("none", "GET", "/"),
        one("spoofed", "GET", "/", { "X-Forwarded-Client-Cert": "By=spiffe://a;URI=spiffe://evil" }),
        one("spoofed twice", "GET", "/", [
          ["x-forwarded-client-cert", "URI=a"],
          ["X-Forwarded-Client-Cert", "URI=b"],
        ]),
      ],
    };
  },
);

export const headers: readonly Setup[] = [
  perAction,
  leveled("header-levels", false),
  leveled("header-levels-specific", true),
  hop,
  ...["ALLOW", "REJECT_REQUEST", "DROP_HEADER"].map(underscores),
  ...edges.map(edge),
  ...clientCerts,
];
