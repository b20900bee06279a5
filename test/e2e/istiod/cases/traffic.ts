import { ask, type Case, on, v1, v2 } from "../case";

const all = { path: { prefix: "/" } };
const shared = (a: number, b: number): Record<string, unknown> => ({
  backends: [
    { ...v1, weight: a },
    { ...v2, weight: b },
  ],
});

const weights: readonly Case[] = [
  {
    name: "all weight on the first",
    rules: [shared(100, 0)],
    asks: [ask("v1", "/a"), ask("v1", "/b"), ask("v1", "/c")],
  },
  {
    name: "all weight on the second",
    rules: [shared(0, 100)],
    asks: [ask("v2", "/a"), ask("v2", "/b"), ask("v2", "/c")],
  },
  { name: "weights of 80 and 20", rules: [shared(80, 20)], asks: [{ path: "/" }], sample: 300 },
  { name: "weights that do not add up to 100", rules: [shared(3, 1)], asks: [{ path: "/" }], sample: 300 },
  {
    name: "a backend without a version is any of them",
    rules: [{ backends: [{}] }],
    asks: [{ path: "/" }],
    sample: 300,
  },
  {
    name: "another service's version",
    rules: [{ backends: [{ service: "stranger", version: "v2" }] }],
    asks: [ask("v2", "/")],
  },
];

const copies: readonly Case[] = [
  {
    name: "every request is copied",
    rules: [on(all, { filters: { mirror: v2 } })],
    asks: [ask("v1", "/x?q=1"), ask("v1", "/y", { method: "POST" })],
  },
  {
    name: "no request is copied at 0 percent",
    rules: [on(all, { filters: { mirror: { ...v2, percent: 0 } } })],
    asks: [ask("v1", "/x")],
  },
  {
    name: "copies carry the rewritten path and the changed headers",
    rules: [
      on(
        { path: { prefix: "/v1" } },
        { filters: { rewrite: { prefix: "/new" }, headers: { request: { set: { "x-a": "1" } } }, mirror: v2 } },
      ),
    ],
    asks: [ask("v1", "/v1/x")],
  },
];

const faults: readonly Case[] = [
  {
    name: "every request is refused",
    rules: [on(all, { filters: { fault: { abort: { status: 503 } } } })],
    asks: [ask(503, "/")],
  },
  {
    name: "requests of one header are refused",
    rules: [
      on(
        { headers: [{ name: "x-chaos", present: true }] },
        { filters: { fault: { abort: { status: 418, percent: 100 } } } },
      ),
      { backends: [v2] },
    ],
    asks: [ask(418, "/", { headers: { "x-chaos": "1" } }), ask("v2", "/")],
  },
  {
    name: "no request is refused at 0 percent",
    rules: [on(all, { filters: { fault: { abort: { status: 503, percent: 0 } } } })],
    asks: [ask("v1", "/")],
  },
  {
    name: "half of the requests are refused",
    rules: [on(all, { filters: { fault: { abort: { status: 503, percent: 50 } } } })],
    asks: [{ path: "/" }],
    sample: 300,
  },
  {
    name: "every request waits",
    rules: [on(all, { filters: { fault: { delay: { duration: "300ms" } } } })],
    asks: [ask("v1", "/", { slow: 300 })],
  },
  {
    name: "a request waits and is refused",
    rules: [on(all, { filters: { fault: { delay: { duration: "200ms" }, abort: { status: 500 } } } })],
    asks: [ask(500, "/", { slow: 200 })],
  },
];

const failing = (...statuses: number[]): { headers: Record<string, string> } => ({
  headers: { "x-fail": statuses.join(",") },
});
const retried = (retries: object, rest: object = {}): Record<string, unknown> =>
  on(all, { retries: { backoff: { base: "1ms", max: "5ms" }, ...retries }, ...rest });

const patience: readonly Case[] = [
  {
    name: "a timeout",
    rules: [on(all, { timeout: "200ms" })],
    asks: [
      ask(504, "/", { headers: { "x-delay": "2000" }, slow: 200 }),
      ask("v1", "/"),
      ask("v1", "/", { headers: { "x-delay": "20" } }),
    ],
  },
  {
    name: "no timeout unasked, also not Envoy's 15 seconds",
    rules: [on(all)],
    asks: [ask("v1", "/", { headers: { "x-delay": "15500" }, slow: 15_500 })],
  },
  {
    name: "nothing is retried unasked",
    rules: [on(all)],
    asks: [ask(503, "/", failing(503)), ask(503, "/", { headers: { "x-reset": "1" } })],
  },
  {
    name: "two tries after the first on 5xx",
    rules: [retried({ attempts: 2, on: ["5xx"] })],
    asks: [
      ask("v1", "/", failing(503, 500)),
      ask(502, "/", failing(500, 501, 502, 503)),
      ask(404, "/", failing(404)),
      ask("v1", "/", { headers: { "x-reset": "1" } }),
    ],
  },
  {
    name: "gateway errors are 502, 503 and 504",
    rules: [retried({ attempts: 1, on: ["gateway-error"] })],
    asks: [ask("v1", "/", failing(502)), ask("v1", "/", failing(504)), ask(500, "/", failing(500))],
  },
  {
    name: "the conflict is the 4xx that is retried",
    rules: [retried({ attempts: 1, on: ["retriable-4xx"] })],
    asks: [ask("v1", "/", failing(409)), ask(404, "/", failing(404)), ask(503, "/", failing(503))],
  },
  {
    name: "listed statuses",
    rules: [retried({ attempts: 1, on: [], statuses: [418, 429] })],
    asks: [ask("v1", "/", failing(418)), ask("v1", "/", failing(429)), ask(503, "/", failing(503))],
  },
  {
    name: "conditions and statuses together",
    rules: [retried({ attempts: 1, on: ["gateway-error"], statuses: [418] })],
    asks: [ask("v1", "/", failing(418)), ask("v1", "/", failing(503)), ask(500, "/", failing(500))],
  },
  {
    name: "connections that are reset",
    rules: [retried({ attempts: 1, on: ["reset"] })],
    asks: [
      ask("v1", "/", { headers: { "x-reset": "1" } }),
      ask(503, "/", { headers: { "x-reset": "2" } }),
      ask(503, "/", failing(503)),
    ],
  },
  {
    name: "a limit for each try",
    rules: [retried({ attempts: 1, on: ["5xx"], perTryTimeout: "200ms" })],
    asks: [
      ask("v1", "/", { headers: { "x-delay": "2000,0" }, slow: 200 }),
      ask(504, "/", { headers: { "x-delay": "2000,2000" }, slow: 400 }),
    ],
  },
  {
    name: "the timeout ends retries too",
    rules: [retried({ attempts: 5, on: ["5xx"], perTryTimeout: "200ms" }, { timeout: "300ms" })],
    asks: [ask(504, "/", { headers: { "x-delay": "2000,2000,2000" }, slow: 300 })],
  },
];

const origin = (value: string, rest: object = {}): { headers: Record<string, string> } => ({
  headers: { origin: value, ...rest },
});
const preflight = (value: string, method = "PUT"): { method: string; headers: Record<string, string> } => ({
  method: "OPTIONS",
  headers: { origin: value, "access-control-request-method": method, "access-control-request-headers": "x-token" },
});
const pages = (cors: object): readonly Record<string, unknown>[] => [on(all, { filters: { cors } })];

const cors: readonly Case[] = [
  {
    name: "one origin",
    rules: pages({
      allowOrigins: ["https://shop.example"],
      allowMethods: ["GET", "PUT"],
      allowHeaders: ["x-token"],
      maxAge: "10m",
    }),
    asks: [
      ask(200, "/", preflight("https://shop.example")),
      ask("v1", "/", preflight("https://evil.example")),
      ask("v1", "/", origin("https://shop.example")),
      ask("v1", "/", origin("https://evil.example")),
      ask("v1", "/"),
      ask("v1", "/", { method: "OPTIONS" }),
      ask("v1", "/", { method: "OPTIONS", headers: { origin: "https://shop.example" } }),
    ],
  },
  {
    name: "every origin, and headers to read",
    rules: pages({ allowOrigins: ["*"], exposeHeaders: ["x-up", "x-more"] }),
    asks: [ask(200, "/", preflight("https://a.example")), ask("v1", "/", origin("https://a.example"))],
  },
  {
    name: "origins by pattern, with credentials",
    rules: pages({
      allowOrigins: [{ regex: "https://[a-z]+\\.shop\\.example" }, { prefix: "http://localhost:" }],
      allowCredentials: true,
    }),
    asks: [
      ask(200, "/", preflight("https://a.shop.example")),
      ask("v1", "/", origin("https://a.shop.example")),
      ask("v1", "/", origin("https://a1.shop.example")),
      ask("v1", "/", origin("http://localhost:3000")),
    ],
  },
];

const defaults: readonly Case[] = [
  {
    name: "a service without routes: every path, nothing retried",
    rules: [],
    service: { versions: [{ name: "v1", labels: { version: "v1" } }] },
    asks: [ask(503, "/x", failing(503)), ask(503, "/", { headers: { "x-reset": "1" } })],
  },
  { name: "a service without routes is any of its versions", rules: [], asks: [{ path: "/" }], sample: 300 },
];

export const trafficCases: readonly Case[] = [...weights, ...copies, ...faults, ...patience, ...cors, ...defaults];
