/** Faults, rate limits, CORS, bodies and health checks. */
import { filter, typed, type Call, type Json } from "../filter-bench";
import type { Expected, FilterCase } from "./case";
import { ok, denied, rules, get, always, forward, fault, all, rbac } from "./words";

const cors = (body: Json): Json => ({ cors: typed("cors.v3.CorsPolicy", body) });
const bucket = (tokens: number): Json => ({ max_tokens: tokens, tokens_per_fill: 1, fill_interval: "3600s" });
const limit = (body: Json): Json =>
  filter("limit", "local_ratelimit.v3.LocalRateLimit", {
    stat_prefix: "l",
    filter_enabled: always,
    filter_enforced: always,
    ...body,
  });
const limited: Expected = { status: 429, text: "local_rate_limited" };
const preflight = (origin: string): Call => ({
  method: "OPTIONS",
  headers: { origin, "access-control-request-method": "PUT", "access-control-request-headers": "x-a" },
});

export const others: FilterCase[] = [
  {
    title: "faults abort by status, after their headers matched",
    setup: {
      filters: [
        fault({
          abort: { http_status: 418, percentage: all },
          headers: [{ name: "x-fail", string_match: { exact: "1" } }],
        }),
      ],
    },
    calls: [
      [get("/"), ok],
      [get("/", { "x-fail": "1" }), { status: 418, text: "fault filter abort" }],
    ],
  },
  {
    title: "a route's fault replaces the filter's; a delay, then an abort",
    setup: {
      filters: [fault({ abort: { http_status: 500, percentage: all } })],
      routes: [
        forward(
          { path: "/slow" },
          {
            typed_per_filter_config: {
              fault: typed("fault.v3.HTTPFault", {
                delay: { fixed_delay: "0.02s", percentage: all },
                abort: { http_status: 404, percentage: all },
              }),
            },
          },
        ),
        forward({ path: "/fine" }, { typed_per_filter_config: { fault: typed("fault.v3.HTTPFault") } }),
        forward({ prefix: "/" }),
      ],
    },
    calls: [
      [get("/slow"), { status: 404 }],
      [get("/fine"), ok],
      [get("/x"), { status: 500 }],
    ],
  },
  {
    title: "CORS: preflight answered, other origins passed on, responses marked",
    setup: {
      filters: [filter("cors", "cors.v3.Cors")],
      host: {
        typed_per_filter_config: cors({
          allow_origin_string_match: [{ exact: "https://a.example" }],
          allow_methods: "GET,PUT",
          allow_headers: "*",
          expose_headers: "x-e",
          max_age: "60",
        }),
      },
      routes: [
        forward({ path: "/open" }, { typed_per_filter_config: cors({ allow_credentials: true }) }),
        forward({ prefix: "/" }),
      ],
    },
    calls: [
      [
        preflight("https://a.example"),
        {
          status: 200,
          headers: {
            "access-control-allow-origin": "https://a.example",
            "access-control-allow-methods": "GET,PUT",
            "access-control-allow-headers": "x-a",
            "access-control-max-age": "60",
            "access-control-allow-credentials": undefined,
            "access-control-expose-headers": "x-e",
            "content-length": "0",
            "x-from": undefined,
          },
        },
      ],
      [
        preflight("https://b.example"),
        { status: 200, headers: { "access-control-allow-origin": undefined, "x-from": "up" } },
      ],
      [
        get("/open", { origin: "https://a.example" }),
        {
          status: 200,
          headers: {
            "access-control-allow-origin": "https://a.example",
            "access-control-allow-credentials": "true",
            "access-control-expose-headers": "x-e",
          },
        },
      ],
      [get("/"), { status: 200, headers: { "access-control-allow-origin": undefined } }],
    ],
  },
  {
    title: "a local rate limit of two, and its headers",
    setup: {
      filters: [
        limit({
          token_bucket: bucket(2),
          response_headers_to_add: [{ header: { key: "x-limited", value: "yes" } }],
        }),
      ],
    },
    calls: [
      [get("/"), { status: 200, headers: { "x-limited": undefined } }],
      [get("/"), ok],
      [get("/"), { ...limited, headers: { "x-limited": "yes" } }],
    ],
  },
  {
    title: "descriptors: a value's own bucket, and one for each value that is not named",
    setup: {
      filters: [
        limit({
          status: { code: "ServiceUnavailable" },
          token_bucket: bucket(100),
          descriptors: [
            { entries: [{ key: "who", value: "vip" }], token_bucket: bucket(2) },
            { entries: [{ key: "who" }], token_bucket: bucket(1) },
          ],
          rate_limits: [{ actions: [{ request_headers: { header_name: "x-who", descriptor_key: "who" } }] }],
        }),
      ],
    },
    calls: [
      [get("/", { "x-who": "vip" }), ok],
      [get("/", { "x-who": "a" }), ok],
      [get("/", { "x-who": "a" }), { status: 503 }],
      [get("/", { "x-who": "b" }), ok],
      [get("/"), ok],
      [get("/"), ok],
    ],
  },
  {
    title: "the buffer filter gives a chunked body its length, refuses a large one, and is off where a route says so",
    setup: {
      filters: [filter("buffer", "buffer.v3.Buffer", { max_request_bytes: 8 })],
      routes: [
        forward(
          { path: "/off" },
          { typed_per_filter_config: { buffer: typed("buffer.v3.BufferPerRoute", { disabled: true }) } },
        ),
        forward({ prefix: "/" }),
      ],
    },
    calls: [
      [
        { method: "POST", headers: { "transfer-encoding": "chunked" }, body: "12345678" },
        { status: 200, body: "12345678", sent: { "content-length": "8", "transfer-encoding": undefined } },
      ],
      [
        { method: "POST", body: "123456789" },
        { status: 413, text: "Payload Too Large" },
      ],
      [
        { method: "POST", path: "/off", body: "123456789" },
        { status: 200, body: "123456789" },
      ],
    ],
  },
  {
    title: "a health check is answered here",
    setup: {
      filters: [
        filter("health", "health_check.v3.HealthCheck", {
          pass_through_mode: false,
          headers: [{ name: ":path", string_match: { exact: "/healthz" } }],
        }),
      ],
    },
    calls: [
      [get("/healthz"), { status: 200, text: "", headers: { "x-from": undefined } }],
      [get("/health"), { status: 200, headers: { "x-from": "up" } }],
    ],
  },
  {
    title: "a disabled filter runs only where a route has a configuration for it",
    setup: {
      filters: [{ ...rbac({ rules: rules("ALLOW", {}) }), disabled: true }],
      routes: [
        forward(
          { path: "/on" },
          {
            typed_per_filter_config: {
              rbac: typed("rbac.v3.RBACPerRoute", { rbac: { rules: rules("ALLOW", {}) } }),
            },
          },
        ),
        forward({ prefix: "/" }),
      ],
    },
    calls: [
      [get("/on"), denied],
      [get("/"), ok],
    ],
  },
];
