import { one, says, type Case, type Setup } from "../setup";

const requests = ["/old", "/old/x", "/old/x?q=1", "/older", "/old/x?q=1&y=%20"];
const authorities = ["a.example", "a.example:80", "a.example:443", "a.example:8080", "[::1]", "[::1]:80"];

/** Every field of a redirect, alone and together. */
const redirects: readonly (readonly [name: string, redirect: object])[] = [
  ["nothing", {}],
  ["https", { https_redirect: true }],
  ["not-https", { https_redirect: false }],
  ["scheme-https", { scheme_redirect: "https" }],
  ["scheme-http", { scheme_redirect: "http" }],
  ["scheme-other", { scheme_redirect: "ftp" }],
  ["host", { host_redirect: "new.example" }],
  ["port", { port_redirect: 8443 }],
  ["port-80", { port_redirect: 80 }],
  ["host-port", { host_redirect: "new.example", port_redirect: 8443 }],
  ["host-with-port", { host_redirect: "new.example:99" }],
  ["https-host", { https_redirect: true, host_redirect: "new.example" }],
  ["https-port", { https_redirect: true, port_redirect: 443 }],
  ["path", { path_redirect: "/new" }],
  ["path-query", { path_redirect: "/new?z=1" }],
  ["path-strip", { path_redirect: "/new", strip_query: true }],
  ["path-query-strip", { path_redirect: "/new?z=1", strip_query: true }],
  ["prefix", { prefix_rewrite: "/new" }],
  ["prefix-slash", { prefix_rewrite: "/new/" }],
  ["prefix-root", { prefix_rewrite: "/" }],
  ["prefix-strip", { prefix_rewrite: "/new", strip_query: true }],
  ["strip", { strip_query: true }],
  ["302", { response_code: "FOUND" }],
  ["303", { response_code: "SEE_OTHER" }],
  ["307", { response_code: "TEMPORARY_REDIRECT" }],
  ["308", { response_code: "PERMANENT_REDIRECT" }],
];

function redirectSetup(name: string, list: typeof redirects): Setup {
  return {
    name,
    hosts: [
      {
        name: "all",
        domains: ["*"],
        routes: list.map(([rule, redirect]) => ({
          match: { prefix: "/old", headers: [{ name: "rule", string_match: { exact: rule } }] },
          redirect,
        })),
      },
    ],
    cases: list.flatMap(([rule]) => [
      ...requests.map((path) => one(`${rule} ${path}`, "GET", path, { rule })),
      ...authorities.slice(1).map((Host) => one(`${rule} at ${Host}`, "GET", "/old", { Host, rule })),
    ]),
  };
}

const directs = [200, 201, 204, 302, 304, 400, 403, 404, 408, 413, 426, 429, 431, 500, 503, 599];
const direct: Setup = {
  name: "direct",
  hosts: [
    {
      name: "all",
      domains: ["*"],
      routes: [
        ...directs.map((status) => ({ match: { path: `/${status}` }, ...says(`body of ${status}`, status) })),
        ...directs.map((status) => ({ match: { path: `/${status}/bare` }, direct_response: { status } })),
        { match: { path: "/utf8" }, ...says("ü") },
        {
          match: { path: "/headers" },
          ...says("x"),
          response_headers_to_add: [{ header: { key: "X-Added", value: "1" } }],
        },
        {
          match: { path: "/type" },
          ...says("{}"),
          response_headers_to_add: [
            { header: { key: "content-type", value: "application/json" }, append_action: "OVERWRITE_IF_EXISTS_OR_ADD" },
          ],
        },
      ],
    },
  ],
  cases: [
    ...directs.flatMap((status): Case[] => [
      one(`${status}`, "GET", `/${status}`),
      one(`${status} without a body`, "GET", `/${status}/bare`),
      one(`${status} to HEAD`, "HEAD", `/${status}`),
    ]),
    one("bytes beyond ASCII", "GET", "/utf8"),
    one("added fields", "GET", "/headers"),
    one("another content-type", "GET", "/type"),
  ],
};

/** Where a forwarded request goes, and as what. */
const rewrites: readonly (readonly [name: string, match: object, route: object])[] = [
  ["prefix", { prefix: "/old" }, { prefix_rewrite: "/new" }],
  ["prefix-slash", { prefix: "/old/" }, { prefix_rewrite: "/" }],
  ["prefix-root", { prefix: "/old" }, { prefix_rewrite: "/" }],
  ["prefix-any-case", { prefix: "/OLD", case_sensitive: false }, { prefix_rewrite: "/new" }],
  ["path", { path: "/old/x" }, { prefix_rewrite: "/new" }],
  ["separated", { path_separated_prefix: "/old" }, { prefix_rewrite: "/new" }],
  ["separated-root", { path_separated_prefix: "/old" }, { prefix_rewrite: "/" }],
  ["prefix-query", { prefix: "/old" }, { prefix_rewrite: "/new?z=1" }],
  ["host", { prefix: "/" }, { host_rewrite_literal: "new.example" }],
  ["host-and-prefix", { prefix: "/old" }, { host_rewrite_literal: "new.example:1", prefix_rewrite: "/n" }],
];
const rewrite: Setup = {
  name: "rewrite",
  hosts: rewrites.map(([name, match, route]) => ({
    name,
    domains: [name],
    routes: [{ match, route: { cluster: "rewrite", ...route } }],
  })),
  cases: rewrites.flatMap(([name]) => requests.map((path) => one(`${name} ${path}`, "GET", path, { Host: name }))),
};

const regexRewrites: readonly (readonly [name: string, match: object, route: object])[] = [
  ["swap", { prefix: "/" }, { regex_rewrite: { pattern: { regex: "^/([^/]+)/(.+)$" }, substitution: "/\\2/\\1" } }],
  ["all-found", { prefix: "/" }, { regex_rewrite: { pattern: { regex: "[aeiou]" }, substitution: "_" } }],
  ["whole", { prefix: "/" }, { regex_rewrite: { pattern: { regex: "l+" }, substitution: "<\\0>" } }],
  [
    "of-regex-match",
    { safe_regex: { regex: "/old.*" } },
    { regex_rewrite: { pattern: { regex: "^/old" }, substitution: "/new" } },
  ],
  ["unmatched", { prefix: "/" }, { regex_rewrite: { pattern: { regex: "zzz" }, substitution: "y" } }],
];
const regexRewrite: Setup = {
  name: "rewrite-regex",
  hosts: regexRewrites.map(([name, match, route]) => ({
    name,
    domains: [name],
    routes: [{ match, route: { cluster: "rewrite-regex", ...route } }],
  })),
  cases: regexRewrites.flatMap(([name]) => requests.map((path) => one(`${name} ${path}`, "GET", path, { Host: name }))),
};

const hostRewrites: readonly (readonly [name: string, route: object])[] = [
  ["header", { host_rewrite_header: "x-host" }],
];
const hostRewrite: Setup = {
  name: "rewrite-host-header",
  hosts: hostRewrites.map(([name, route]) => ({
    name,
    domains: [name],
    routes: [{ match: { prefix: "/" }, route: { cluster: "rewrite-host-header", ...route } }],
  })),
  cases: hostRewrites.flatMap(([name]) => [
    one(`${name}, there`, "GET", "/", { Host: name, "x-host": "new.example" }),
    one(`${name}, empty`, "GET", "/", { Host: name, "x-host": "" }),
    one(`${name}, missing`, "GET", "/", { Host: name }),
  ]),
};

const weighted: Setup = {
  name: "weighted",
  clusters: { weighted: { to: ["u0"] }, "weighted-2": { to: ["u1"] }, "weighted-3": { to: ["u2"] } },
  hosts: [
    {
      name: "all",
      domains: ["*"],
      routes: [
        {
          match: { prefix: "/" },
          route: {
            weighted_clusters: {
              header_name: "x-pick",
              clusters: [
                { name: "weighted", weight: 20 },
                { name: "weighted-2", weight: 0 },
                { name: "weighted-3", weight: 30 },
              ],
            },
          },
        },
      ],
    },
  ],
  cases: ["0", "1", "19", "20", "21", "49", "50", "69", "70", "123456789", "18446744073709551615"].map((pick) =>
    one(`header says ${pick}`, "GET", "/", { "x-pick": pick }),
  ),
};

const notFound: Setup = {
  name: "cluster-not-found",
  routeConfig: { validate_clusters: false },
  hosts: [
    {
      name: "all",
      domains: ["*"],
      routes: ["", "NOT_FOUND", "INTERNAL_SERVER_ERROR"].map((code) => ({
        match: { prefix: `/${code}x` },
        route: { cluster: "nowhere", ...(code !== "" && { cluster_not_found_response_code: code }) },
      })),
    },
  ],
  cases: ["/x", "/NOT_FOUNDx", "/INTERNAL_SERVER_ERRORx"].map((path) => one(path, "GET", path)),
};

export const actions: readonly Setup[] = [
  redirectSetup("redirect", redirects),
  redirectSetup("redirect-regex", [
    ["regex", { regex_rewrite: { pattern: { regex: "^/old(.*)$" }, substitution: "/new\\1" } }],
    ["regex-strip", { regex_rewrite: { pattern: { regex: "/x" }, substitution: "/y?w=1" }, strip_query: true }],
  ]),
  direct,
  rewrite,
  regexRewrite,
  hostRewrite,
  weighted,
  notFound,
];
