import { bytes, one, request, type Case, type Setup } from "../setup";

const all = (name: string, route: object = {}) => [
  { name: "all", domains: ["*"], routes: [{ match: { prefix: "/" }, route: { cluster: name, ...route } }] },
];

/** Path options against paths that mean one thing here and another there. */
const targets = [
  "/a/b",
  "/a//b",
  "//a",
  "/a/./b",
  "/a/../b",
  "/../a",
  "/a/..",
  "/a/.",
  "/a/...",
  "/.a/b",
  "/%2e%2e/a",
  "/a/%2E%2e/b",
  "/a%2fb",
  "/a%2Fb",
  "/a%5cb",
  "/a\\b",
  "/a\\..\\b",
  "/a%2f..%2fb",
  "/a/..;/b",
  "/a/..;x=1/b",
  "/a/.;/b",
  "/a/..;",
  "/a/.;x",
  "/a/...;/b",
  "/a/;/b",
  "/a/..;x/..;y/b",
  "/a/%2e%2e;/b",
  "/a;x=1/b",
  "/a/..%3b/b",
  "/a%00b",
  "/a%0ab",
  "/a%zz",
  "/a%",
  "/%61",
  "/%7E%2d%5F",
  "/a%252fb",
  "/a?x=/../y%2f",
  "/a/../b?q",
  "/a%20b",
  "/a/%c0%ae%c0%ae/b",
  "/a'b\"c<d>e`f{g}h|i^j[k]l",
  "/?",
  "/a?",
  "/a??b",
];
const rules: readonly (readonly [name: string, manager: object])[] = [
  ["path-as-is", {}],
  ["path-normal", { normalize_path: true }],
  ["path-merge", { merge_slashes: true }],
  ["path-normal-merge", { normalize_path: true, merge_slashes: true }],
  ["path-reject", { normalize_path: true, path_with_escaped_slashes_action: "REJECT_REQUEST" }],
  [
    "path-unescape",
    { normalize_path: true, merge_slashes: true, path_with_escaped_slashes_action: "UNESCAPE_AND_FORWARD" },
  ],
  [
    "path-redirect",
    { normalize_path: true, merge_slashes: true, path_with_escaped_slashes_action: "UNESCAPE_AND_REDIRECT" },
  ],
  ["path-unescape-only", { path_with_escaped_slashes_action: "UNESCAPE_AND_FORWARD" }],
];
const paths = rules.map(([name, manager]): Setup => ({
  name,
  manager,
  hosts: all(name),
  cases: targets.map((target) => one(target, "GET", target)),
}));

const authority: Setup = {
  name: "authority",
  hosts: all("authority"),
  cases: [
    bytes("no Host", "GET / HTTP/1.1\r\n{case}\r\n"),
    bytes("two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n{case}\r\n"),
    bytes("the same Host twice", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n{case}\r\n"),
    bytes("an empty Host", "GET / HTTP/1.1\r\nHost:\r\n{case}\r\n"),
    bytes("a path in Host", "GET / HTTP/1.1\r\nHost: a/b\r\n{case}\r\n"),
    bytes("user information", "GET / HTTP/1.1\r\nHost: u@a\r\n{case}\r\n"),
    bytes("a port that is none", "GET / HTTP/1.1\r\nHost: a:x\r\n{case}\r\n"),
    bytes("a comma in Host", "GET / HTTP/1.1\r\nHost: a,b\r\n{case}\r\n"),
    bytes("an underscore in Host", "GET / HTTP/1.1\r\nHost: a_b\r\n{case}\r\n"),
    bytes("an IPv6 Host", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n{case}\r\n"),
    bytes("a space in Host", "GET / HTTP/1.1\r\nHost: a b\r\n{case}\r\n"),
    bytes("an absolute target", "GET http://b:81/p?q HTTP/1.1\r\nHost: a\r\n{case}\r\n"),
    bytes("an absolute target without path", "GET http://b HTTP/1.1\r\nHost: b\r\n{case}\r\n"),
    bytes("an absolute target with a query alone", "GET http://b?q HTTP/1.1\r\nHost: b\r\n{case}\r\n"),
    bytes("an absolute https target", "GET https://b/p HTTP/1.1\r\nHost: b\r\n{case}\r\n"),
    bytes("an absolute target without Host", "GET http://b/p HTTP/1.1\r\n{case}\r\n"),
    bytes("an absolute target with user information", "GET http://u@b/p HTTP/1.1\r\nHost: b\r\n{case}\r\n"),
    bytes("an absolute target of another scheme", "GET ftp://b/p HTTP/1.1\r\nHost: b\r\n{case}\r\n"),
    bytes("a target without a slash", "GET p HTTP/1.1\r\nHost: b\r\n{case}\r\n"),
    bytes("a target in authority form", "GET b:80 HTTP/1.1\r\nHost: b\r\n{case}\r\n"),
    bytes("OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: b\r\n{case}\r\n", { methods: ["OPTIONS"] }),
    bytes("GET *", "GET * HTTP/1.1\r\nHost: b\r\n{case}\r\n"),
    bytes("CONNECT", "CONNECT b:80 HTTP/1.1\r\nHost: b:80\r\n{case}\r\n", { methods: ["CONNECT"] }),
    bytes("TRACE", "TRACE / HTTP/1.1\r\nHost: b\r\n{case}\r\n"),
    bytes("a fragment", "GET /a#b HTTP/1.1\r\nHost: b\r\n{case}\r\n"),
    bytes("HTTP/1.0", "GET / HTTP/1.0\r\nHost: b\r\n{case}\r\n"),
  ],
};

const http10: Setup = {
  name: "http10",
  manager: { http_protocol_options: { accept_http_10: true, default_host_for_http_10: "default.example" } },
  hosts: all("http10"),
  cases: [
    bytes("with Host", "GET / HTTP/1.0\r\nHost: b\r\n{case}\r\n"),
    bytes("without Host", "GET / HTTP/1.0\r\n{case}\r\n"),
    bytes("keep-alive", "GET / HTTP/1.0\r\nHost: b\r\nConnection: keep-alive\r\n{case}\r\n"),
    bytes("a chunked response", "GET / HTTP/1.0\r\nHost: b\r\n{case}\r\n", { answers: [{ chunked: true }] }),
    bytes("with a body", "POST / HTTP/1.0\r\nHost: b\r\nContent-Length: 2\r\n{case}\r\nab", { methods: ["POST"] }),
  ],
};

const upstreamSays = (head: string, then?: "close"): Partial<Case> => ({
  answers: [{ raw: head, ...(then && { then }) }],
});
const framing: Setup = {
  name: "framing",
  hosts: all("framing"),
  cases: [
    ...(["GET", "HEAD"] as const).flatMap((method) => [
      one(`${method} 200`, method, "/"),
      one(`${method} 204`, method, "/", {}, { answers: [{ status: 204 }] }),
      one(`${method} 204 with a length`, method, "/", {}, upstreamSays("HTTP/1.1 204 No\r\ncontent-length: 0\r\n\r\n")),
      one(`${method} 304`, method, "/", {}, { answers: [{ status: 304 }] }),
      one(
        `${method} 304 with a length`,
        method,
        "/",
        {},
        upstreamSays("HTTP/1.1 304 NM\r\ncontent-length: 9\r\netag: x\r\n\r\n"),
      ),
      one(`${method} chunked`, method, "/", {}, { answers: [{ chunked: true }] }),
      one(`${method} empty`, method, "/", {}, { answers: [{ body: "" }] }),
    ]),
    one(
      "a response that ends with the connection",
      "GET",
      "/",
      {},
      upstreamSays("HTTP/1.1 200 OK\r\n\r\nto the end", "close"),
    ),
    one("a response of HTTP/1.0", "GET", "/", {}, upstreamSays("HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok")),
    one("an unknown status", "GET", "/", {}, { answers: [{ status: 299 }] }),
    one(
      "103 and then 200",
      "GET",
      "/",
      {},
      upstreamSays("HTTP/1.1 103 Early\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"),
    ),
    one(
      "100 and then 200",
      "GET",
      "/",
      {},
      upstreamSays("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"),
    ),
    one("101 unasked", "GET", "/", {}, upstreamSays("HTTP/1.1 101 S\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n")),
    one(
      "trailers of the response",
      "GET",
      "/",
      { TE: "trailers" },
      { answers: [{ chunked: true, trailers: { "x-t": "1" } }] },
    ),
    one(
      "cut short",
      "GET",
      "/",
      {},
      { ...upstreamSays("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", "close"), closes: true },
    ),
    one(
      "cut short in chunks",
      "GET",
      "/",
      {},
      { ...upstreamSays("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n", "close"), closes: true },
    ),
    one("no response", "GET", "/", {}, { answers: ["close"] }),
    one("not HTTP", "GET", "/", {}, upstreamSays("SSH-2.0-x\r\n", "close")),
    one("status 99", "GET", "/", {}, upstreamSays("HTTP/1.1 099 X\r\ncontent-length: 0\r\n\r\n")),
    one(
      "both framings in the response",
      "GET",
      "/",
      {},
      upstreamSays("HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"),
    ),
    one(
      "content-length twice in the response",
      "GET",
      "/",
      {},
      upstreamSays("HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\nok"),
    ),
    one(
      "a space before the colon in the response",
      "GET",
      "/",
      {},
      upstreamSays("HTTP/1.1 200 OK\r\nx : y\r\ncontent-length: 2\r\n\r\nok"),
    ),
    one("bare LF in the response", "GET", "/", {}, upstreamSays("HTTP/1.1 200 OK\ncontent-length: 2\n\nok")),
    one("a body with content-length", "POST", "/", {}, { content: "hello" }),
    one("an empty body", "POST", "/", {}, { content: "" }),
    one("POST without a body", "POST", "/"),
    one("DELETE with a body", "DELETE", "/", {}, { content: "x" }),
    one("GET with a body", "GET", "/", {}, { content: "x" }),
    bytes(
      "a chunked body",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n{case}\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
      { methods: ["POST"] },
    ),
    bytes(
      "a chunked body with trailers",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n{case}\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n",
      { methods: ["POST"] },
    ),
    bytes(
      "a chunked body without data",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n{case}\r\n0\r\n\r\n",
      { methods: ["POST"] },
    ),
    {
      name: "expect 100-continue",
      steps: [
        { send: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n{case}\r\n" },
        { await: "100 Continue" },
        { send: "ab" },
      ],
      methods: ["POST"],
    },
    bytes(
      "expect something else",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: miracles\r\n{case}\r\nab",
      { methods: ["POST"] },
    ),
    {
      name: "two requests at once",
      steps: [{ send: request("GET", "/1") + request("HEAD", "/2") + request("POST", "/3", {}, "abc") }],
      methods: ["GET", "HEAD", "POST"],
    },
    {
      name: "half-closed after the request",
      steps: [{ send: request("GET", "/") }, "end"],
      methods: ["GET"],
      closes: true,
    },
    bytes("an empty line before the request", "\r\nGET / HTTP/1.1\r\nHost: a\r\n{case}\r\n", { closes: false }),
  ],
};

const upgrades = (name: string, manager: object, route: object): Setup => {
  const switching = {
    raw: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n",
    then: "echo",
  } as const;
  const ask = request("GET", "/", { Upgrade: "websocket", Connection: "Upgrade", "Sec-WebSocket-Key": "k" });
  return {
    name,
    manager,
    hosts: all(name, route),
    cases: [
      {
        name: "accepted",
        steps: [{ send: ask }, { await: "\r\n\r\n" }, { send: "ping" }, { sleep: 150 }],
        methods: ["GET"],
        answers: [switching],
        except: ["log"],
      },
      { name: "refused by the upstream", steps: [{ send: ask }], methods: ["GET"], answers: [{ status: 403 }] },
      {
        name: "another protocol",
        steps: [{ send: request("GET", "/", { Upgrade: "foo", Connection: "upgrade" }) }],
        methods: ["GET"],
        answers: [{}],
      },
      {
        name: "in another case",
        steps: [
          { send: request("GET", "/", { Upgrade: "WebSocket", Connection: "keep-alive, Upgrade" }) },
          { await: "\r\n\r\n" },
        ],
        methods: ["GET"],
        answers: [switching],
        except: ["log"],
      },
      {
        name: "not named by Connection",
        steps: [{ send: request("GET", "/", { Upgrade: "websocket" }) }],
        methods: ["GET"],
        answers: [{}],
      },
    ],
  };
};

const many = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`x-${i}`, "v"]));
const limits: Setup = {
  name: "limits",
  manager: { max_request_headers_kb: 2, common_http_protocol_options: { max_headers_count: 20 } },
  hosts: all("limits"),
  cases: [
    one("few", "GET", "/", many(10)),
    one("too many", "GET", "/", many(30), { closes: true }),
    one("a long value", "GET", "/", { "x-long": "v".repeat(1500) }),
    one("too long a value", "GET", "/", { "x-long": "v".repeat(2500) }, { closes: true }),
    one("too long a target", "GET", `/${"p".repeat(2500)}`, {}, { closes: true }),
    one("a long response header", "GET", "/", {}, { answers: [{ headers: { "x-long": "v".repeat(5000) } }] }),
  ],
};

/** Bytes that a strict reader refuses; what a lax one makes of them is the difference. */
const strict: Setup = {
  name: "strictness",
  hosts: all("strictness"),
  cases: [
    bytes("bare LF", "GET / HTTP/1.1\nHost: a\n{case}\n"),
    bytes("a folded line", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n{case}\r\n"),
    bytes("a space before the colon", "GET / HTTP/1.1\r\nHost: a\r\nX : 1\r\n{case}\r\n"),
    bytes("bare CR in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r2\r\n{case}\r\n"),
    bytes("NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\x002\r\n{case}\r\n"),
    bytes("a control character in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\x012\r\n{case}\r\n"),
    bytes("DEL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \x7f\r\n{case}\r\n"),
    bytes("a name beyond ASCII", "GET / HTTP/1.1\r\nHost: a\r\n\xe9: 1\r\n{case}\r\n"),
    bytes("a target beyond ASCII", "GET /\xc3\xbc HTTP/1.1\r\nHost: a\r\n{case}\r\n"),
    bytes(
      "content-length and chunked",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n{case}\r\n0\r\n\r\n",
      { methods: ["POST"] },
    ),
    bytes(
      "content-length twice",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 0\r\n{case}\r\n",
      { methods: ["POST"] },
    ),
    bytes("content-length as a list", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0, 0\r\n{case}\r\n", {
      methods: ["POST"],
    }),
    bytes("content-length with a sign", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +0\r\n{case}\r\n", {
      methods: ["POST"],
    }),
    bytes(
      "content-length too large",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n{case}\r\n",
      { methods: ["POST"] },
    ),
    bytes("gzip and chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n{case}\r\n0\r\n\r\n", {
      methods: ["POST"],
    }),
    bytes("identity", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n{case}\r\n", { methods: ["POST"] }),
    bytes(
      "chunked twice",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n{case}\r\n0\r\n\r\n",
      { methods: ["POST"] },
    ),
    bytes("a chunk size with 0x", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n{case}\r\n0x0\r\n\r\n", {
      methods: ["POST"],
    }),
    bytes(
      "a chunk size after a space",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n{case}\r\n 0\r\n\r\n",
      { methods: ["POST"] },
    ),
    bytes(
      "a chunk size before a space",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n{case}\r\n1 \r\nx\r\n0\r\n\r\n",
      { methods: ["POST"] },
    ),
    bytes(
      "a chunk longer than it says",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n{case}\r\n1\r\nxy\r\n0\r\n\r\n",
      { methods: ["POST"] },
    ),
    bytes("a chunk ended by LF", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n{case}\r\n1\nx\n0\n\n", {
      methods: ["POST"],
    }),
    bytes("a method that no registry knows", "BREW / HTTP/1.1\r\nHost: a\r\n{case}\r\n"),
    bytes("a method in lower case", "get / HTTP/1.1\r\nHost: a\r\n{case}\r\n"),
    bytes("a version to come", "GET / HTTP/1.2\r\nHost: a\r\n{case}\r\n"),
    bytes("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    bytes("two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n{case}\r\n"),
    bytes("a space after the version", "GET / HTTP/1.1 \r\nHost: a\r\n{case}\r\n"),
    bytes("a tab between", "GET\t/ HTTP/1.1\r\nHost: a\r\n{case}\r\n"),
    bytes("no name", "GET / HTTP/1.1\r\nHost: a\r\n: 1\r\n{case}\r\n"),
    bytes("no colon", "GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n{case}\r\n"),
    bytes("Connection names Host", "GET / HTTP/1.1\r\nHost: a\r\nConnection: host\r\n{case}\r\n"),
    bytes(
      "Connection names a certificate",
      "GET / HTTP/1.1\r\nHost: a\r\nConnection: x-forwarded-client-cert\r\n{case}\r\n",
    ),
    bytes("TLS at a plain port", "\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00"),
  ],
};

const lengths: readonly (readonly [name: string, manager: object])[] = [
  ["timeout-head", { request_headers_timeout: "0.4s" }],
];
const slow = lengths.map(([name, manager]): Setup => ({
  name,
  manager,
  hosts: all(name),
  cases: [
    {
      name: "the head never ends",
      steps: [{ send: "GET / HTTP/1.1\r\nHost: a\r\n" }, { sleep: 800 }],
      methods: ["GET"],
      closes: true,
      except: ["log"],
    },
    one("in time", "GET", "/"),
  ],
}));

export const protocol: readonly Setup[] = [
  ...paths,
  authority,
  http10,
  framing,
  upgrades("upgrade", { upgrade_configs: [{ upgrade_type: "websocket" }] }, {}),
  upgrades("upgrade-off", {}, {}),
  upgrades("upgrade-by-route", {}, { upgrade_configs: [{ upgrade_type: "websocket" }] }),
  upgrades(
    "upgrade-off-by-route",
    { upgrade_configs: [{ upgrade_type: "websocket" }] },
    { upgrade_configs: [{ upgrade_type: "websocket", enabled: false }] },
  ),
  limits,
  strict,
  ...slow,
];
