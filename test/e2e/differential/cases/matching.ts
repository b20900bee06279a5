import { one, says, type Case, type Setup } from "../setup";

/** Path matchers, each at a virtual host of its own. */
const pathMatchers: readonly (readonly [name: string, match: object])[] = [
  ["prefix", { prefix: "/v1" }],
  ["prefix-any-case", { prefix: "/v1", case_sensitive: false }],
  ["path", { path: "/v1/x" }],
  ["path-any-case", { path: "/v1/x", case_sensitive: false }],
  ["separated", { path_separated_prefix: "/v1" }],
  ["separated-any-case", { path_separated_prefix: "/v1", case_sensitive: false }],
  ["regex", { safe_regex: { regex: "/v[0-9]+(/x)?" } }],
  ["regex-class", { safe_regex: { regex: "/[^/]+/x" } }],
  ["regex-any-case", { safe_regex: { regex: "(?i)/v1/x" } }],
  ["regex-bytes", { safe_regex: { regex: "/v1/.%..+" } }],
];
const paths = [
  "/v1",
  "/V1",
  "/v1/",
  "/v1/x",
  "/v1/X",
  "/v10",
  "/v1?x=/v1/x",
  "/v1/x?y",
  "/v1/x/",
  "/",
  "/v1;x",
  "/v1/%2e%41",
  "//v1",
  "/v",
];

const path: Setup = {
  name: "path-match",
  hosts: pathMatchers.map(([name, match]) => ({
    name,
    domains: [name],
    routes: [
      { match, ...says(name) },
      { match: { prefix: "/" }, ...says("none") },
    ],
  })),
  cases: pathMatchers.flatMap(([name]) => paths.map((p) => one(`${name} ${p}`, "GET", p, { Host: name }))),
};

const headerMatchers: readonly (readonly [name: string, match: object])[] = [
  ["exact", { string_match: { exact: "Abc" } }],
  ["exact-any-case", { string_match: { exact: "Abc", ignore_case: true } }],
  ["exact-joined", { string_match: { exact: "Abc,d" } }],
  ["exact-second", { string_match: { exact: "d" } }],
  ["contains-joined", { string_match: { contains: "c,d" } }],
  ["suffix-second", { string_match: { suffix: "d" } }],
  ["prefix", { string_match: { prefix: "Ab" } }],
  ["prefix-any-case", { string_match: { prefix: "Ab", ignore_case: true } }],
  ["suffix", { string_match: { suffix: "bc" } }],
  ["suffix-any-case", { string_match: { suffix: "bc", ignore_case: true } }],
  ["contains", { string_match: { contains: "b" } }],
  ["contains-any-case", { string_match: { contains: "B", ignore_case: true } }],
  ["regex", { string_match: { safe_regex: { regex: "A.*" } } }],
  ["exact-inverted", { string_match: { exact: "Abc" }, invert_match: true }],
  ["exact-missing-empty", { string_match: { exact: "" }, treat_missing_header_as_empty: true }],
  [
    "exact-inverted-missing",
    { string_match: { exact: "Abc" }, invert_match: true, treat_missing_header_as_empty: true },
  ],
  ["regex-missing", { string_match: { safe_regex: { regex: ".*" } }, treat_missing_header_as_empty: true }],
  ["present", { present_match: true }],
  ["absent", { present_match: false }],
  ["present-inverted", { present_match: true, invert_match: true }],
  ["absent-inverted", { present_match: false, invert_match: true }],
  ["nothing-said", {}],
  ["range", { range_match: { start: -5, end: 10 } }],
  ["range-inverted", { range_match: { start: -5, end: 10 }, invert_match: true }],
];
const headerValues: readonly (readonly [name: string, fields: readonly (readonly [string, string])[]])[] = [
  ["missing", []],
  ["empty", [["x-m", ""]]],
  ["Abc", [["X-M", "Abc"]]],
  ["abc", [["x-m", "abc"]]],
  [
    "twice",
    [
      ["x-m", "Abc"],
      ["x-m", "d"],
    ],
  ],
  ["-5", [["x-m", "-5"]]],
  ["10", [["x-m", "10"]]],
  ["+7", [["x-m", "+7"]]],
  ["007", [["x-m", "007"]]],
  ["9x", [["x-m", "9x"]]],
  ["long number", [["x-m", "00000000000000000000000000000000007"]]],
];

const header: Setup = {
  name: "header-match",
  hosts: headerMatchers.map(([name, match]) => ({
    name,
    domains: [name],
    routes: [
      { match: { prefix: "/", headers: [{ name: "X-M", ...match }] }, ...says(name) },
      { match: { prefix: "/" }, ...says("none") },
    ],
  })),
  cases: headerMatchers.flatMap(([name]) =>
    headerValues.map(([value, fields]) => one(`${name}, ${value}`, "GET", "/", [["Host", name], ...fields])),
  ),
};

const pseudo: Setup = {
  name: "pseudo-header-match",
  hosts: [
    {
      name: "all",
      domains: ["*"],
      routes: [
        { match: { prefix: "/m", headers: [{ name: ":method", string_match: { exact: "POST" } }] }, ...says("method") },
        {
          match: { prefix: "/a", headers: [{ name: ":authority", string_match: { exact: "A.Example:80" } }] },
          ...says("authority"),
        },
        { match: { prefix: "/h", headers: [{ name: "host", string_match: { prefix: "A.Ex" } }] }, ...says("host") },
        { match: { prefix: "/p", headers: [{ name: ":path", string_match: { exact: "/p?q=1" } }] }, ...says("path") },
        { match: { prefix: "/s", headers: [{ name: ":scheme", string_match: { exact: "http" } }] }, ...says("scheme") },
        { match: { prefix: "/f", headers: [{ name: "x-forwarded-proto", present_match: true }] }, ...says("proto") },
        {
          match: { prefix: "/c", headers: [{ name: "content-length", string_match: { exact: "2" } }] },
          ...says("length"),
        },
        {
          match: { prefix: "/k", headers: [{ name: "cookie", string_match: { contains: "b=2" } }] },
          ...says("cookie"),
        },
        { match: { prefix: "/g", grpc: {} }, ...says("grpc") },
        {
          match: { prefix: "/u", headers: [{ name: "user-agent", string_match: { exact: "x, y" } }] },
          ...says("agent"),
        },
      ],
    },
  ],
  cases: [
    one("method POST", "POST", "/m"),
    one("method post", "post", "/m"),
    one("authority", "GET", "/a", { Host: "A.Example:80" }),
    one("authority in another case", "GET", "/a", { Host: "a.example:80" }),
    one("host as a header", "GET", "/h", { Host: "A.Example" }),
    one("path with its query", "GET", "/p?q=1"),
    one("path with another query", "GET", "/p?q=2"),
    one("scheme", "GET", "/s"),
    one("forwarded proto is set before", "GET", "/f"),
    one("content-length", "POST", "/c", {}, { content: "ab" }),
    one("cookies in two fields", "GET", "/k", [
      ["Cookie", "a=1"],
      ["Cookie", "b=2"],
    ]),
    one("grpc", "POST", "/g", { "content-type": "application/grpc" }),
    one("grpc with a format", "POST", "/g", { "content-type": "application/grpc+proto" }),
    one("grpc-web is not grpc", "POST", "/g", { "content-type": "application/grpc-web" }),
    one("grpc with a parameter", "POST", "/g", { "content-type": "application/grpc;x=y" }),
    one("two values joined", "GET", "/u", [
      ["User-Agent", "x"],
      ["User-Agent", "y"],
    ]),
  ],
};

const queryMatchers: readonly (readonly [name: string, match: object])[] = [
  ["exact", { string_match: { exact: "1" } }],
  ["prefix", { string_match: { prefix: "1" } }],
  ["regex", { string_match: { safe_regex: { regex: "[0-9]*" } } }],
  ["any-case", { string_match: { exact: "aB", ignore_case: true } }],
  ["present", { present_match: true }],
  ["absent", { present_match: false }],
  ["bare", {}],
];
const queries = [
  "",
  "?",
  "?q",
  "?q=",
  "?q=1",
  "?Q=1",
  "?q=12",
  "?p=2&q=1",
  "?q=2&q=1",
  "?q=1&q=2",
  "?q=Ab",
  "?q=%31",
  "?q=1=2",
  "?&&q=1",
  "?%71=1",
  "?q=1;p=2",
  "?q=a+b",
];

const query: Setup = {
  name: "query-match",
  hosts: queryMatchers.map(([name, match]) => ({
    name,
    domains: [name],
    routes: [
      { match: { prefix: "/", query_parameters: [{ name: "q", ...match }] }, ...says(name) },
      { match: { prefix: "/" }, ...says("none") },
    ],
  })),
  cases: queryMatchers.flatMap(([name]) => queries.map((q) => one(`${name} ${q}`, "GET", `/${q}`, { Host: name }))),
};

const domains = [
  ["*"],
  ["a.example"],
  ["*.example"],
  ["*.b.example"],
  ["*-x.b.example"],
  ["www.*"],
  ["www.x.*"],
  ["a.example:81"],
  ["[::1]:80", "10.0.0.1"],
  ["Upper.Case"],
];
const hostNames = [
  "a.example",
  "A.EXAMPLE",
  "a.example:81",
  "a.example:82",
  "c.example",
  "c.b.example",
  "d-x.b.example",
  ".example",
  "example",
  "www.y.org",
  "www.x.org",
  "www.",
  "www.b.example",
  "[::1]:80",
  "10.0.0.1",
  "upper.case",
  "UPPER.CASE:1",
  "b.example.",
];
const hostSetup = (name: string, routeConfig: object, over: readonly string[][]): Setup => ({
  name,
  routeConfig: { ...routeConfig },
  hosts: over.map((list) => ({
    name: list[0],
    domains: list,
    routes: [{ match: { prefix: "/" }, ...says(list[0] as string) }],
  })),
  cases: hostNames.map((host): Case => one(host, "GET", "/", { Host: host })),
});

/** The first route that matches is taken; what decides is the order, never how exact it is. */
const order: Setup = {
  name: "route-order",
  hosts: [
    {
      name: "a",
      domains: ["a.example"],
      routes: [
        { match: { prefix: "/a" }, ...says("prefix") },
        { match: { path: "/a/exact" }, ...says("path") },
        {
          match: {
            prefix: "/h",
            headers: [
              { name: "x", present_match: true },
              { name: "y", present_match: true },
            ],
          },
          ...says("both"),
        },
        { match: { prefix: "/h", headers: [{ name: "x", present_match: true }] }, ...says("x") },
        {
          match: {
            prefix: "/q",
            query_parameters: [{ name: "a", present_match: true }],
            headers: [{ name: "x", present_match: true }],
          },
          ...says("query and header"),
        },
        { match: { prefix: "" }, ...says("last") },
      ],
    },
    { name: "none", domains: ["none.example"], routes: [{ match: { path: "/only" }, ...says("only") }] },
    { name: "empty", domains: ["empty.example"], routes: [] },
  ],
  cases: [
    one("a prefix before the exact path", "GET", "/a/exact"),
    one("all conditions of a route", "GET", "/h", { x: "1", y: "1" }),
    one("some conditions of a route", "GET", "/h", { x: "1" }),
    one("query and header", "GET", "/q?a", { x: "1" }),
    one("query without header", "GET", "/q?a"),
    one("an empty prefix", "GET", "/z"),
    one("no route of the host", "GET", "/z", { Host: "none.example" }),
    one("a host without routes", "GET", "/", { Host: "empty.example" }),
    one("no host", "GET", "/", { Host: "unknown.example" }),
    one("no host, HEAD", "HEAD", "/", { Host: "unknown.example" }),
    one("asterisk", "OPTIONS", "*"),
  ],
};

export const matching: readonly Setup[] = [
  path,
  header,
  pseudo,
  query,
  hostSetup("host-match", {}, domains),
  hostSetup("host-match-no-any", {}, domains.slice(1)),
  hostSetup("host-match-ports-ignored", { ignore_port_in_host_matching: true }, domains),
  order,
];
