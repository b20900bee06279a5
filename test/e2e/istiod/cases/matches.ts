import { ask, type Case, on, otherwise, v1, v2 } from "../case";

const path = (value: object): Record<string, unknown> => ({ path: value });
const header = (name: string, condition: object): Record<string, unknown> => ({ headers: [{ name, ...condition }] });
const query = (name: string, condition: object): Record<string, unknown> => ({ query: [{ name, ...condition }] });
const withHeader = (
  value: string | readonly string[],
  name = "x-kind",
): { headers: Record<string, string | readonly string[]> } => ({
  headers: { [name]: value },
});

const paths: readonly Case[] = [
  {
    name: "an exact path",
    rules: [on(path({ exact: "/v1" }))],
    asks: [ask("v1", "/v1"), ask(404, "/v1/"), ask(404, "/v1/x"), ask("v1", "/v1?q=1"), ask(404, "/V1")],
  },
  {
    name: "an exact path without regard to case",
    rules: [on(path({ exact: "/Shop/Cart", ignoreCase: true })), otherwise],
    asks: [ask("v1", "/shop/cart"), ask("v1", "/SHOP/CART"), ask("v2", "/shop/cart/x")],
  },
  {
    name: "a prefix ends on a segment boundary",
    rules: [on(path({ prefix: "/v1" })), otherwise],
    asks: ["/v1", "/v1/", "/v1/x/y", "/v1?x"]
      .map((p) => ask("v1", p))
      .concat(ask("v2", "/v10"), ask("v2", "/v1-x"), ask("v2", "/")),
  },
  {
    name: "a prefix with a slash at its end",
    rules: [on(path({ prefix: "/v1/" })), otherwise],
    asks: [ask("v1", "/v1/x"), ask("v1", "/v1/"), ask("v1", "/v1"), ask("v2", "/v10")],
  },
  {
    name: "the root prefix is every path",
    rules: [on(path({ prefix: "/" }))],
    asks: [ask("v1", "/"), ask("v1", "/a/b"), ask("v1", "/?q")],
  },
  {
    name: "a prefix without regard to case",
    rules: [on(path({ prefix: "/Api", ignoreCase: true })), otherwise],
    asks: [ask("v1", "/api"), ask("v1", "/API/x"), ask("v2", "/apis")],
  },
  {
    name: "a regular expression takes the whole path",
    rules: [on(path({ regex: "/item/[0-9]+" })), otherwise],
    asks: [ask("v1", "/item/12"), ask("v2", "/item/12/x"), ask("v2", "/x/item/12"), ask("v1", "/item/12?q=1")],
  },
  {
    name: "a regular expression without regard to case",
    rules: [on(path({ regex: "/(get|put)/x", ignoreCase: true })), otherwise],
    asks: [ask("v1", "/GET/X"), ask("v1", "/put/x"), ask("v2", "/post/x")],
  },
  {
    name: "paths are normalized before they are matched",
    rules: [on(path({ prefix: "/v1" })), otherwise],
    asks: [
      ask("v1", "/x/../v1/y"),
      ask("v2", "/v1/../v2"),
      ask("v1", "/./v1"),
      ask("v2", "//v1"),
      ask("v1", "/v1//x"),
      ask("v1", "/v1/%78"),
    ],
  },
];

const requests: readonly Case[] = [
  {
    name: "one method",
    rules: [on({ method: "POST" }), otherwise],
    asks: [ask("v1", "/", { method: "POST" }), ask("v2", "/"), ask("v2", "/", { method: "PUT" })],
  },
  {
    name: "several methods",
    rules: [on({ methods: ["GET", "DELETE"] }), otherwise],
    asks: [ask("v1", "/"), ask("v1", "/", { method: "DELETE" }), ask("v2", "/", { method: "POST" })],
  },
  {
    name: "a header's exact value",
    rules: [on(header("X-Kind", { exact: "gold" })), otherwise],
    asks: [
      ask("v1", "/", withHeader("gold")),
      ask("v2", "/", withHeader("Gold")),
      ask("v2", "/", withHeader("golden")),
      ask("v2", "/"),
      ask("v1", "/", withHeader(" gold ", "X-KIND")),
    ],
  },
  {
    name: "a header that comes twice",
    rules: [on(header("x-kind", { exact: "a,b" })), otherwise],
    asks: [
      { path: "/", ...withHeader(["a", "b"]) },
      ask("v2", "/", withHeader(["b", "a"])),
      ask("v1", "/", withHeader("a,b")),
    ],
  },
  {
    name: "a header's start",
    rules: [on(header("x-kind", { prefix: "go" })), otherwise],
    asks: [
      ask("v1", "/", withHeader("gold")),
      ask("v1", "/", withHeader("go")),
      ask("v2", "/", withHeader("ego")),
      ask("v2", "/"),
    ],
  },
  {
    name: "a header's end",
    rules: [on(header("x-kind", { suffix: ".example" })), otherwise],
    asks: [
      ask("v1", "/", withHeader("a.example")),
      ask("v2", "/", withHeader("aXexample")),
      ask("v2", "/", withHeader("a.example.org")),
    ],
  },
  {
    name: "a header's pattern is whole",
    rules: [on(header("x-kind", { regex: "[a-c]+" })), otherwise],
    asks: [
      ask("v1", "/", withHeader("abc")),
      ask("v2", "/", withHeader("abcd")),
      ask("v2", "/"),
      ask("v2", "/", withHeader("ABC")),
    ],
  },
  {
    name: "a header that is there",
    rules: [on(header("x-kind", { present: true })), otherwise],
    asks: [ask("v1", "/", withHeader("a")), ask("v1", "/", withHeader("")), ask("v2", "/")],
  },
  {
    name: "a header that is not there",
    rules: [on(header("x-kind", { present: false })), otherwise],
    asks: [ask("v2", "/", withHeader("a")), ask("v1", "/")],
  },
  {
    name: "a header of another value, or of none",
    rules: [on(header("x-kind", { exact: "gold", negate: true })), otherwise],
    asks: [ask("v2", "/", withHeader("gold")), ask("v1", "/", withHeader("silver")), ask("v1", "/")],
  },
  {
    name: "a header that does not start so",
    rules: [on(header("x-kind", { prefix: "go", negate: true })), otherwise],
    asks: [ask("v2", "/", withHeader("gold")), ask("v1", "/", withHeader("silver")), ask("v1", "/")],
  },
  {
    name: "a header that does not fit a pattern",
    rules: [on(header("x-kind", { regex: "g.*d", negate: true })), otherwise],
    asks: [ask("v2", "/", withHeader("gold")), ask("v1", "/", withHeader("golden")), ask("v1", "/")],
  },
  {
    name: "two headers, of which both must hold",
    rules: [
      on({
        headers: [
          { name: "x-a", exact: "1" },
          { name: "x-b", present: true },
        ],
      }),
      otherwise,
    ],
    asks: [
      ask("v1", "/", { headers: { "x-a": "1", "x-b": "2" } }),
      ask("v2", "/", { headers: { "x-a": "1" } }),
      ask("v2", "/", { headers: { "x-b": "1" } }),
    ],
  },
  {
    name: "a query parameter's exact value",
    rules: [on(query("q", { exact: "a" })), otherwise],
    asks: [
      ask("v1", "/?q=a"),
      ask("v1", "/?x=1&q=a"),
      ask("v2", "/?q=ab"),
      ask("v2", "/?Q=a"),
      ask("v2", "/"),
      ask("v2", "/?q=b&q=a"),
    ],
  },
  {
    name: "a query parameter's start",
    rules: [on(query("q", { prefix: "ab" })), otherwise],
    asks: [ask("v1", "/?q=abc"), ask("v2", "/?q=ba")],
  },
  {
    name: "a query parameter's pattern",
    rules: [on(query("q", { regex: "[0-9]+" })), otherwise],
    asks: [ask("v1", "/?q=12"), ask("v2", "/?q=12a"), ask("v2", "/?q=")],
  },
  {
    name: "a query parameter that is there",
    rules: [on(query("q", { present: true })), otherwise],
    asks: [ask("v1", "/?q=1"), ask("v1", "/?q="), ask("v1", "/?q"), ask("v2", "/?p=1")],
  },
  {
    name: "encoded query values are compared decoded or not, on both sides alike",
    rules: [on(query("q", { exact: "a b" })), otherwise],
    asks: [{ path: "/?q=a%20b" }, { path: "/?q=a+b" }],
  },
];

const wholes: readonly Case[] = [
  {
    name: "any of several matches",
    rules: [{ matches: [{ path: { exact: "/a" } }, { method: "PUT" }], backends: [v1] }, otherwise],
    asks: [ask("v1", "/a"), ask("v1", "/b", { method: "PUT" }), ask("v2", "/b")],
  },
  {
    name: "all conditions of a match",
    rules: [
      on({
        path: { prefix: "/a" },
        method: "GET",
        headers: [{ name: "x-k", exact: "1" }],
        query: [{ name: "q", exact: "2" }],
      }),
      otherwise,
    ],
    asks: [
      ask("v1", "/a/b?q=2", { headers: { "x-k": "1" } }),
      ask("v2", "/a/b?q=2"),
      ask("v2", "/a/b", { headers: { "x-k": "1" } }),
      ask("v2", "/a/b?q=2", { headers: { "x-k": "1" }, method: "PUT" }),
      ask("v2", "/b?q=2", { headers: { "x-k": "1" } }),
    ],
  },
  {
    name: "the first rule that matches wins, also over a longer prefix",
    rules: [on({ path: { prefix: "/a" } }), { matches: [{ path: { prefix: "/a/b" } }], backends: [v2] }],
    asks: [ask("v1", "/a/b"), ask("v1", "/a/b/c"), ask(404, "/b")],
  },
  {
    name: "a longer prefix written first wins",
    rules: [{ matches: [{ path: { prefix: "/a/b" } }], backends: [v2] }, on({ path: { prefix: "/a" } })],
    asks: [ask("v2", "/a/b"), ask("v1", "/a/bc"), ask("v1", "/a")],
  },
  {
    name: "where no rule matches nothing answers",
    rules: [on({ path: { exact: "/only" } })],
    asks: [ask(404, "/other"), ask("v1", "/only")],
  },
  {
    name: "a rule for this caller",
    rules: [on({ source: { service: "caller" } }), otherwise],
    asks: [ask("v1", "/")],
  },
  {
    name: "a rule for another caller",
    rules: [on({ source: { service: "stranger" } }), otherwise],
    asks: [ask("v2", "/")],
  },
  {
    name: "a rule for this namespace, and one for another",
    rules: [
      { matches: [{ source: { namespace: "elsewhere" } }], backends: [v2] },
      on({ source: { namespace: "e2e" } }),
    ],
    asks: [ask("v1", "/")],
  },
  {
    name: "every spelling of the service's name",
    rules: [on({ path: { prefix: "/" } })],
    asks: ["{self}", "{self}:80", "{self}.e2e", "{self}.e2e.svc", "{self}.e2e.svc.cluster.local:80"].map((host) =>
      ask("v1", "/", { host }),
    ),
  },
];

export const matchCases: readonly Case[] = [...paths, ...requests, ...wholes];
