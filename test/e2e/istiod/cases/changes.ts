import { ask, type Case, on, otherwise, v1 } from "../case";

const prefix = (value: string, rest: object = {}): object => ({ path: { prefix: value, ...rest } });
const filtered = (match: object, filters: object): Record<string, unknown> => on({ ...match }, { filters });
const answered = (match: object, filters: object): Record<string, unknown> => ({ matches: [match], filters });

const rewrites: readonly Case[] = [
  {
    name: "a prefix for a prefix",
    rules: [filtered(prefix("/v1"), { rewrite: { prefix: "/new" } })],
    asks: ["/v1", "/v1/", "/v1/x", "/v1?q=1", "/v1/x?q=/v1"].map((path) => ask("v1", path)),
  },
  {
    name: "the root for a prefix",
    rules: [filtered(prefix("/v1"), { rewrite: { prefix: "/" } })],
    asks: ["/v1", "/v1/", "/v1/x", "/v1?q=1", "/v1/x/"].map((path) => ask("v1", path)),
  },
  {
    name: "a prefix for the root",
    rules: [filtered(prefix("/"), { rewrite: { prefix: "/new" } })],
    asks: ["/", "/x", "/x/y?q=1", "/?q"].map((path) => ask("v1", path)),
  },
  {
    name: "a new prefix with a slash at its end",
    rules: [filtered(prefix("/v1"), { rewrite: { prefix: "/new/" } })],
    asks: ["/v1", "/v1/x"].map((path) => ask("v1", path)),
  },
  {
    name: "a prefix that was matched without regard to case",
    rules: [filtered(prefix("/Api", { ignoreCase: true }), { rewrite: { prefix: "/svc" } })],
    asks: ["/api/x", "/API", "/Api/X"].map((path) => ask("v1", path)),
  },
  {
    name: "a prefix before an exact path",
    rules: [filtered({ path: { exact: "/a" } }, { rewrite: { prefix: "/new" } })],
    asks: [ask("v1", "/a"), ask("v1", "/a?q=1")],
  },
  {
    name: "a prefix before a path that a pattern matched",
    rules: [filtered({ path: { regex: "/[a-z]+/[0-9]+" } }, { rewrite: { prefix: "/new" } })],
    asks: [ask("v1", "/a/1"), ask("v1", "/a/1?q=1")],
  },
  {
    name: "a whole path",
    rules: [filtered(prefix("/v1"), { rewrite: { full: "/fixed/path" } })],
    asks: [ask("v1", "/v1"), ask("v1", "/v1/deep/er"), ask("v1", "/v1/x?q=1")],
  },
  {
    name: "a whole path with what a substitution would read",
    rules: [filtered(prefix("/v1"), { rewrite: { full: "/a\\1" } })],
    asks: [ask("v1", "/v1/x")],
  },
  {
    name: "by pattern, with groups",
    rules: [
      filtered(prefix("/"), { rewrite: { regex: { pattern: "^/users/([^/]+)/(.*)$", substitution: "/\\2/of/\\1" } } }),
    ],
    asks: [ask("v1", "/users/ann/cart"), ask("v1", "/users/ann/cart/1?q=2"), ask("v1", "/other")],
  },
  {
    name: "by pattern, every occurrence",
    rules: [filtered(prefix("/"), { rewrite: { regex: { pattern: "a", substitution: "bb" } } })],
    asks: [ask("v1", "/banana"), ask("v1", "/xyz?a=a")],
  },
  {
    name: "the host",
    rules: [filtered(prefix("/"), { rewrite: { host: "other.example" } })],
    asks: [ask("v1", "/x")],
  },
  {
    name: "host and prefix",
    rules: [filtered(prefix("/v1"), { rewrite: { host: "other.example", prefix: "/z" } })],
    asks: [ask("v1", "/v1/x"), ask("v1", "/v1")],
  },
];

const answers: readonly Case[] = [
  {
    name: "a redirect to another host",
    rules: [answered(prefix("/old"), { redirect: { host: "new.example" } }), otherwise],
    asks: [ask(302, "/old/x?q=1"), ask("v2", "/x")],
  },
  {
    name: "a redirect to https",
    rules: [answered(prefix("/"), { redirect: { scheme: "https", code: 301 } })],
    asks: [ask(301, "/a?b=c"), ask(301, "/", { method: "POST" })],
  },
  {
    name: "a redirect to another port",
    rules: [answered(prefix("/"), { redirect: { port: 8443, code: 308 } })],
    asks: [ask(308, "/a")],
  },
  {
    name: "a redirect to another scheme, host and port",
    rules: [answered(prefix("/"), { redirect: { scheme: "https", host: "a.example", port: 8443, code: 307 } })],
    asks: [ask(307, "/a?b")],
  },
  {
    name: "a redirect to a path",
    rules: [answered(prefix("/old"), { redirect: { full: "/new", code: 303 } })],
    asks: [ask(303, "/old/x"), ask(303, "/old?q=1")],
  },
  {
    name: "a redirect of a prefix",
    rules: [answered(prefix("/old"), { redirect: { prefix: "/new" } })],
    asks: [ask(302, "/old"), ask(302, "/old/"), ask(302, "/old/x"), ask(302, "/old/x?q=1"), ask(302, "/old?q=1")],
  },
  {
    name: "a redirect of a prefix to the root",
    rules: [answered(prefix("/old"), { redirect: { prefix: "/" } })],
    asks: [ask(302, "/old"), ask(302, "/old/x"), ask(302, "/old/")],
  },
  {
    name: "a direct response with a body",
    rules: [answered(prefix("/teapot"), { directResponse: { status: 418, body: "short and stout" } }), otherwise],
    asks: [ask(418, "/teapot"), ask(418, "/teapot", { method: "HEAD" }), ask("v2", "/")],
  },
  {
    name: "a direct response without a body",
    rules: [answered(prefix("/"), { directResponse: { status: 403 } })],
    asks: [ask(403, "/x", { method: "POST" })],
  },
];

const headers: readonly Case[] = [
  {
    name: "request headers set",
    rules: [filtered(prefix("/"), { headers: { request: { set: { "x-new": "1", "X-Old": "changed" } } } })],
    asks: [
      ask("v1", "/", { headers: { "x-old": "given" } }),
      ask("v1", "/", { headers: { "x-old": ["a", "b"] } }),
      ask("v1", "/"),
    ],
  },
  {
    name: "request headers added",
    rules: [filtered(prefix("/"), { headers: { request: { add: { "x-old": "more" } } } })],
    asks: [ask("v1", "/", { headers: { "x-old": "given" } }), ask("v1", "/")],
  },
  {
    name: "request headers removed",
    rules: [filtered(prefix("/"), { headers: { request: { remove: ["x-old", "x-none"] } } })],
    asks: [ask("v1", "/", { headers: { "x-old": ["a", "b"], "x-kept": "1" } })],
  },
  {
    name: "response headers set, added and removed",
    rules: [
      filtered(prefix("/"), {
        headers: {
          response: { set: { "x-up": "changed" }, add: { "x-more": "1", "x-twice": "second" }, remove: ["x-drop"] },
        },
      }),
    ],
    asks: [ask("v1", "/")],
  },
  {
    name: "a percent sign in a header's value is itself",
    rules: [filtered(prefix("/"), { headers: { request: { set: { "x-share": "100% of %REQ(x-old)%" } } } })],
    asks: [ask("v1", "/", { headers: { "x-old": "given" } })],
  },
  {
    name: "response headers of a direct response and of a redirect",
    rules: [
      answered(prefix("/gone"), {
        directResponse: { status: 410 },
        headers: { response: { set: { "x-why": "moved" } } },
      }),
      answered(prefix("/"), { redirect: { host: "a.example" }, headers: { response: { set: { "x-why": "there" } } } }),
    ],
    asks: [ask(410, "/gone"), ask(302, "/x")],
  },
  {
    name: "headers are matched before they are changed",
    rules: [
      on(
        { headers: [{ name: "x-old", exact: "a" }] },
        { filters: { headers: { request: { set: { "x-old": "b" } } } } },
      ),
      {
        matches: [{ headers: [{ name: "x-old", exact: "b" }] }],
        backends: [v1],
        filters: { headers: { request: { set: { "x-old": "c" } } } },
      },
      otherwise,
    ],
    asks: [
      ask("v1", "/", { headers: { "x-old": "a" } }),
      ask("v1", "/", { headers: { "x-old": "b" } }),
      ask("v2", "/"),
    ],
  },
];

export const changeCases: readonly Case[] = [...rewrites, ...answers, ...headers];
