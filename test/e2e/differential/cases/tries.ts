import { one, type Answer, type Case, type Setup } from "../setup";

/** What decides whether, when and to whom a request goes again, beyond statuses and resets. */
const header = (name: string, exact: string) => ({ name, string_match: { exact } });

const retrying = (name: string, policy: object, cases: readonly Case[], counters: readonly string[] = []): Setup => ({
  name,
  hosts: [
    {
      name: "all",
      domains: ["*"],
      routes: [{ match: { prefix: "/" }, route: { cluster: name, timeout: "3s", retry_policy: policy } }],
    },
  ],
  counters: ["upstream_rq_retry", ...counters],
  cases,
});

const then = (...answers: readonly Answer[]) => ({ answers: [...answers, { body: "again" }] });

const byResponse = retrying(
  "retry-response-headers",
  {
    retry_on: "retriable-headers",
    num_retries: 1,
    retriable_headers: [
      header("x-again", "yes"),
      header(":status", "418"),
      { name: "x-later", present_match: true },
      { ...header("x-once", "no"), invert_match: true },
    ],
  },
  [
    one("the value", "GET", "/", {}, then({ headers: { "x-again": "yes" } })),
    one("another value", "GET", "/", {}, then({ headers: { "x-again": "no" } })),
    one("the status", "GET", "/", {}, then({ status: 418 })),
    one("another status", "GET", "/", {}, then({ status: 503 })),
    one("present", "GET", "/", {}, then({ headers: { "x-later": "" } })),
    one("inverted", "GET", "/", {}, then({ headers: { "x-once": "yes" } })),
    one("inverted, the value", "GET", "/", {}, then({ headers: { "x-once": "no" } })),
    one("with a rate limit", "GET", "/", {}, then({ headers: { "x-again": "yes", "x-envoy-ratelimited": "true" } })),
    one("a reset", "POST", "/", {}, { ...then("reset"), content: "x" }),
  ],
);

const byRequest = retrying(
  "retry-request-headers",
  {
    retry_on: "5xx",
    num_retries: 1,
    per_try_timeout: "0.5s",
    retriable_request_headers: [{ name: "x-safe", present_match: true }, header(":method", "PUT")],
  },
  [
    one("safe", "GET", "/", { "X-Safe": "1" }, then({ status: 503 })),
    one("not safe", "GET", "/", {}, then({ status: 503 })),
    one("safe by its method", "PUT", "/", {}, { ...then({ status: 503 }), content: "x" }),
    one("not safe, a reset", "POST", "/", {}, { ...then("reset"), content: "x" }),
    one("not safe, silent", "GET", "/", {}, { answers: ["hang"] }),
  ],
  ["upstream_rq_per_try_timeout", "upstream_rq_retry_limit_exceeded"],
);

const byStatus = retrying(
  "retry-low-statuses",
  { retry_on: "retriable-status-codes", num_retries: 1, retriable_status_codes: [200, 302, 404] },
  [
    one("200", "GET", "/", {}, then({})),
    one("302", "GET", "/", {}, then({ status: 302, headers: { location: "/" } })),
    one("404", "GET", "/", {}, then({ status: 404 })),
    one("204", "GET", "/", {}, then({ status: 204 })),
    one("503", "GET", "/", {}, then({ status: 503 })),
  ],
);

const grpc = { "content-type": "application/grpc" };
const byGrpc = retrying("retry-grpc", { retry_on: "unavailable,cancelled", num_retries: 1 }, [
  ...["0", "1", "4", "8", "13", "14"].map((status) =>
    one(`status ${status}`, "POST", "/", grpc, {
      ...then({ body: "", headers: { ...grpc, "grpc-status": status } }),
      content: "x",
    }),
  ),
  one("no status", "POST", "/", grpc, { ...then({ headers: grpc }), content: "x" }),
  one("a status that is none", "POST", "/", grpc, { ...then({ headers: { "grpc-status": "x" } }), content: "x" }),
]);

const asked = retrying(
  "retry-when-asked",
  {
    retry_on: "5xx",
    num_retries: 1,
    rate_limited_retry_back_off: {
      reset_headers: [{ name: "Retry-After", format: "SECONDS" }],
      max_interval: "2s",
    },
  },
  [
    // A second is gone from what x-envoy-expected-rq-timeout-ms says upstream.
    one(
      "in a second",
      "GET",
      "/",
      {},
      {
        ...then({ status: 503, headers: { "retry-after": "1" } }),
        except: ["upstream"],
      },
    ),
    one("too late", "GET", "/", {}, then({ status: 503, headers: { "retry-after": "10" } })),
    one("at once", "GET", "/", {}, then({ status: 503, headers: { "retry-after": "0" } })),
    one("no number", "GET", "/", {}, then({ status: 503, headers: { "retry-after": "soon" } })),
    one("unasked", "GET", "/", {}, then({ status: 503 })),
    one("not retriable", "GET", "/", {}, then({ status: 429, headers: { "retry-after": "1" } })),
  ],
  ["upstream_rq_retry_backoff_ratelimited", "upstream_rq_retry_backoff_exponential"],
);

const cut = { raw: "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf" };
const idle = retrying(
  "try-idle",
  { retry_on: "reset,gateway-error", num_retries: 1, per_try_idle_timeout: "0.3s" },
  [
    one("silent once", "GET", "/", {}, then("hang")),
    one("silent twice", "GET", "/", {}, { answers: ["hang"] }),
    one("late, in time", "GET", "/", {}, { answers: [{ delay: 150 }] }),
    one("silent in the body", "GET", "/", {}, { answers: [cut], closes: true }),
    one("silent once, with a body", "POST", "/", {}, { ...then("hang"), content: "hello" }),
  ],
  ["upstream_rq_per_try_idle_timeout", "upstream_rq_per_try_timeout", "upstream_rq_timeout"],
);

const named: Setup = {
  name: "host-by-name",
  clusters: {
    "host-by-name": { to: ["u0"], hostname: "named.example" },
    "host-by-name-none": { to: ["u1"] },
    "host-by-name-dns": { to: ["u2"], address: "localhost", type: "STRICT_DNS", dns_lookup_family: "V4_ONLY" },
  },
  hosts: [
    {
      name: "all",
      domains: ["*"],
      routes: ["host-by-name", "host-by-name-none", "host-by-name-dns"].map((cluster) => ({
        match: { path: `/${cluster}` },
        route: { cluster, auto_host_rewrite: true, retry_policy: { retry_on: "5xx", num_retries: 1 } },
      })),
    },
  ],
  cases: [
    one("a name", "GET", "/host-by-name"),
    one("a name, twice", "GET", "/host-by-name", {}, then({ status: 503 })),
    one("no name", "GET", "/host-by-name-none"),
    one("of its DNS name", "GET", "/host-by-name-dns"),
  ],
};

export const tries: readonly Setup[] = [byResponse, byRequest, byStatus, byGrpc, asked, idle, named];
