/** Setups and requests whose outcome is known: told by Envoy, and held against it where it is there. */
import { filter, typed, type Answer, type Call, type Json, type Setup } from "./filter-bench";

export interface Expected {
  readonly status: number;
  /** Lower-case response headers; undefined: absent. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly text?: string;
  /** Of what reached the upstream. */
  readonly path?: string;
  readonly sent?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
}

export interface FilterCase {
  readonly title: string;
  readonly setup: Setup;
  readonly calls: readonly (readonly [Call, Expected])[];
}

/** What of an answer a case speaks of. */
export function outcome(answer: Answer, expected: Expected): Expected {
  const pick = (from: Readonly<Record<string, unknown>> | undefined, names: object): Record<string, string> =>
    Object.fromEntries(Object.keys(names).map((name) => [name, from?.[name] as string]));
  return {
    status: answer.status,
    ...(expected.headers && { headers: pick(answer.headers, expected.headers) }),
    ...(expected.text !== undefined && { text: answer.text }),
    ...(expected.path !== undefined && { path: answer.seen?.path }),
    ...(expected.sent && { sent: pick(answer.seen?.headers, expected.sent) }),
    ...(expected.body !== undefined && { body: answer.seen?.body }),
  };
}

const ok: Expected = { status: 200 };
const denied: Expected = { status: 403, text: "RBAC: access denied" };
const rules = (action: string, policies: Json): Json => ({ action, policies });
const rbac = (body: Json): Json => filter("rbac", "rbac.v3.RBAC", body);
const any = { any: true };
const path = (matcher: Json): Json => ({ url_path: { path: matcher } });
const header = (name: string, matcher: Json, more: Json = {}): Json => ({
  header: { name, string_match: matcher, ...more },
});
const deny = (permission: Json): Setup => ({
  filters: [rbac({ rules: rules("DENY", { p: { permissions: [permission], principals: [any] } }) })],
});
const allow = (permission: Json, principal: Json = any): Setup => ({
  filters: [rbac({ rules: rules("ALLOW", { p: { permissions: [permission], principals: [principal] } }) })],
});
const get = (target: string, headers: Call["headers"] = {}): Call => ({ path: target, headers });
const always = { default_value: { numerator: 100, denominator: "HUNDRED" } };
const forward = (match: Json, more: Json = {}, route: Json = {}): Json => ({
  match,
  route: { cluster: "up", ...route },
  ...more,
});

const authorization: FilterCase[] = [
  {
    title: "RBAC judges the path that is forwarded, without its query",
    setup: deny(path({ prefix: "/admin" })),
    calls: [
      [get("/admin"), denied],
      [get("/x/../admin/y"), denied],
      [get("/%61dmin"), denied],
      [get("/x?/admin"), ok],
      [get("/Admin"), ok],
      [get("//admin"), ok],
      [get("/adm"), ok],
    ],
  },
  {
    title: "ALLOW without a match refuses, by exact path and method",
    setup: allow({ and_rules: { rules: [path({ exact: "/in" }), header(":method", { exact: "GET" })] } }),
    calls: [
      [get("/in?q=1"), ok],
      [{ method: "POST", path: "/in" }, denied],
      [get("/in/"), denied],
      [{ method: "POST", path: "/in", body: "abc" }, denied],
    ],
  },
  {
    title: "each of repeated headers is judged by itself, and an absent one matches nothing",
    setup: deny(header("x-role", { exact: "b" })),
    calls: [
      [get("/", { "x-role": ["a", "b"] }), denied],
      [get("/", { "x-role": ["b", "a"] }), denied],
      [get("/", { "x-role": "a,b" }), ok],
      [get("/", { "x-role": "b" }), denied],
      [get("/", { "x-role": ["", ""] }), ok],
      [get("/"), ok],
    ],
  },
  {
    title: "an inverted matcher refuses when no value is the one; forwarded addresses are judged joined",
    setup: deny({
      or_rules: {
        rules: [
          header("x-role", { exact: "a" }, { invert_match: true }),
          header("x-forwarded-for", { exact: "1.1.1.1,2.2.2.2" }),
        ],
      },
    }),
    calls: [
      [get("/", { "x-role": ["b", "a"] }), ok],
      [get("/", { "x-role": ["b", "c"] }), denied],
      [get("/", { "x-forwarded-for": ["1.1.1.1", "2.2.2.2"] }), denied],
      [get("/", { "x-forwarded-for": ["1.1.1.1"] }), ok],
    ],
  },
  {
    title: "an inverted header matcher does not hold for an absent header, unless that counts as empty",
    setup: deny({
      or_rules: {
        rules: [
          header("x-a", { exact: "1" }, { invert_match: true }),
          header("x-b", { exact: "1" }, { invert_match: true, treat_missing_header_as_empty: true }),
        ],
      },
    }),
    calls: [
      [get("/", { "x-b": "1" }), ok],
      [get("/", { "x-a": "2", "x-b": "1" }), denied],
      [get("/"), denied],
    ],
  },
  {
    title: "addresses of the connection and of the client behind proxies",
    setup: allow(any, {
      or_ids: {
        ids: [
          { and_ids: { ids: [{ remote_ip: { address_prefix: "10.1.0.0", prefix_len: 16 } }, any] } },
          { not_id: { direct_remote_ip: { address_prefix: "127.0.0.0", prefix_len: 8 } } },
        ],
      },
    }),
    calls: [
      [get("/", { "x-forwarded-for": "10.1.2.3" }), ok],
      [get("/", { "x-forwarded-for": "10.1.2.3, 10.2.0.1" }), denied],
      [get("/", { "x-forwarded-for": "10.2.0.1, 10.1.2.3" }), ok],
      [get("/"), denied],
    ],
  },
  {
    title: "shadow rules refuse nothing, DENY goes before ALLOW",
    setup: {
      filters: [
        rbac({ shadow_rules: rules("ALLOW", {}), shadow_rules_stat_prefix: "audit_" }),
        filter("two", "rbac.v3.RBAC", {
          rules: rules("DENY", { p: { permissions: [path({ suffix: ".bak" })], principals: [any] } }),
        }),
      ],
    },
    calls: [
      [get("/a"), ok],
      [get("/a.bak"), denied],
    ],
  },
  {
    title: "a route's own rules replace the filter's, or switch it off",
    setup: {
      filters: [rbac({ rules: rules("ALLOW", {}) })],
      host: {
        typed_per_filter_config: {
          rbac: typed("rbac.v3.RBACPerRoute", {
            rbac: { rules: rules("DENY", { p: { permissions: [any], principals: [any] } }) },
          }),
        },
      },
      routes: [
        forward({ path: "/off" }, { typed_per_filter_config: { rbac: typed("rbac.v3.RBACPerRoute") } }),
        forward({ path: "/host" }),
      ],
    },
    calls: [
      [get("/off"), ok],
      [get("/host"), denied],
      // No route: the filter as it is, before the 404.
      [get("/none"), denied],
    ],
  },
  {
    title: "metadata of the route, and of no filter",
    setup: {
      filters: [
        rbac({
          rules: rules("ALLOW", {
            p: {
              permissions: [any],
              principals: [
                {
                  sourced_metadata: {
                    metadata_source: "ROUTE",
                    metadata_matcher: {
                      filter: "team",
                      path: [{ key: "names" }],
                      value: { list_match: { one_of: { string_match: { exact: "a" } } } },
                    },
                  },
                },
              ],
            },
          }),
        }),
      ],
      routes: [
        forward({ path: "/a" }, { metadata: { filter_metadata: { team: { names: ["b", "a"] } } } }),
        forward({ path: "/b" }, { metadata: { filter_metadata: { team: { names: "a" } } } }),
        forward({ prefix: "/" }),
      ],
    },
    calls: [
      [get("/a"), ok],
      [get("/b"), denied],
      [get("/c"), denied],
    ],
  },
];

const fault = (body: Json): Json => filter("fault", "fault.v3.HTTPFault", body);
const all = { numerator: 100, denominator: "HUNDRED" };
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

const others: FilterCase[] = [
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

const routing: FilterCase[] = [
  {
    title: "regex_rewrite changes the path and leaves the query",
    setup: {
      routes: [
        forward(
          { prefix: "/a" },
          {},
          { regex_rewrite: { pattern: { regex: "^/a/([^/]+)/(.*)$" }, substitution: "/\\2/at/\\1" } },
        ),
        forward({ prefix: "/e" }, {}, { regex_rewrite: { pattern: { regex: "x*$" }, substitution: "-" } }),
        forward({ safe_regex: { regex: "/r/.*" } }, {}, { prefix_rewrite: "/whole" }),
      ],
    },
    calls: [
      [
        get("/a/b/c?d=/a/b/c"),
        { status: 200, path: "/c/at/b?d=/a/b/c", sent: { "x-envoy-original-path": "/a/b/c?d=/a/b/c" } },
      ],
      [get("/a/b"), { status: 200, path: "/a/b" }],
      [get("/exx"), { status: 200, path: "/e-" }],
      [get("/ey"), { status: 200, path: "/ey-" }],
      [get("/r/s?t"), { status: 200, path: "/whole?t" }],
    ],
  },
  {
    title: "Host from a header, and of a share of the weights with headers of its own",
    setup: {
      routes: [
        forward({ prefix: "/h" }, {}, { host_rewrite_header: "x-host" }),
        {
          match: { prefix: "/w" },
          route: {
            weighted_clusters: {
              clusters: [
                {
                  name: "up",
                  weight: 100,
                  host_rewrite_literal: "share.example",
                  request_headers_to_add: [{ header: { key: "x-share", value: "1" } }],
                  response_headers_to_add: [{ header: { key: "x-of-share", value: "yes" } }],
                },
                { name: "other", weight: 0 },
              ],
            },
          },
          request_headers_to_add: [{ header: { key: "x-share", value: "route" } }],
        },
      ],
    },
    calls: [
      [get("/h", { "x-host": "b.example" }), { status: 200, sent: { host: "b.example" } }],
      [get("/h"), { status: 200, sent: { host: "a.example" } }],
      [
        get("/w"),
        { status: 200, sent: { host: "share.example", "x-share": "1, route" }, headers: { "x-of-share": "yes" } },
      ],
    ],
  },
  {
    title: "header values with operators; empty ones are left out",
    setup: {
      routes: [
        forward(
          { prefix: "/" },
          {
            request_headers_to_add: [
              { header: { key: "x-ip", value: "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%" } },
              { header: { key: "x-of", value: "<%REQ(x-a)%|%PROTOCOL%>" } },
              { header: { key: "x-none", value: "%REQ(x-absent)%" } },
              { header: { key: "x-pct", value: "100%%" } },
            ],
            response_headers_to_add: [{ header: { key: "x-cluster", value: "%UPSTREAM_CLUSTER%" } }],
          },
        ),
      ],
    },
    calls: [
      [
        get("/", { "x-a": "A" }),
        {
          status: 200,
          sent: { "x-ip": "127.0.0.1", "x-of": "<A|HTTP/1.1>", "x-none": undefined, "x-pct": "100%" },
          headers: { "x-cluster": "up" },
        },
      ],
    ],
  },
  {
    title: "redirects by regex, and to https where a virtual host requires it",
    setup: {
      manager: { use_remote_address: false },
      host: { require_tls: "ALL" },
      routes: [
        {
          match: { prefix: "/old" },
          redirect: {
            regex_rewrite: { pattern: { regex: "^/old/(.*)$" }, substitution: "/new/\\1" },
            response_code: "FOUND",
          },
        },
        forward({ prefix: "/" }),
      ],
    },
    calls: [
      [get("/x?y"), { status: 301, headers: { location: "https://a.example/x?y" } }],
      [
        get("/old/x?y", { "x-forwarded-proto": "https" }),
        { status: 302, headers: { location: "https://a.example/new/x?y" } },
      ],
      [get("/x", { "x-forwarded-proto": "https" }), ok],
    ],
  },
  {
    title: "attempt counts, to the upstream and to the client",
    setup: { host: { include_request_attempt_count: true, include_attempt_count_in_response: true } },
    calls: [
      [get("/"), { status: 200, sent: { "x-envoy-attempt-count": "1" }, headers: { "x-envoy-attempt-count": "1" } }],
    ],
  },
  {
    title: "most specific header mutations last, when they are to win",
    setup: {
      table: {
        most_specific_header_mutations_wins: true,
        request_headers_to_add: [
          { header: { key: "x-m", value: "table" }, append_action: "OVERWRITE_IF_EXISTS_OR_ADD" },
        ],
      },
      routes: [
        forward(
          { prefix: "/" },
          {
            request_headers_to_add: [
              { header: { key: "x-m", value: "route" }, append_action: "OVERWRITE_IF_EXISTS_OR_ADD" },
            ],
          },
        ),
      ],
    },
    calls: [[get("/"), { status: 200, sent: { "x-m": "route" } }]],
  },
  {
    title: "trusted hops say who the client is, and inside addresses are marked",
    setup: {
      manager: {
        use_remote_address: true,
        xff_num_trusted_hops: 1,
        internal_address_config: { cidr_ranges: [{ address_prefix: "127.0.0.0", prefix_len: 8 }] },
      },
    },
    calls: [
      [
        get("/", { "x-forwarded-for": "9.9.9.9" }),
        { status: 200, sent: { "x-envoy-external-address": "9.9.9.9", "x-envoy-internal": undefined } },
      ],
      [get("/"), { status: 200, sent: { "x-envoy-external-address": undefined, "x-envoy-internal": "true" } }],
    ],
  },
  {
    title: "a stream that lasts too long is ended",
    setup: {
      filters: [fault({ delay: { fixed_delay: "5s", percentage: all } })],
      routes: [forward({ prefix: "/" }, {}, { max_stream_duration: { max_stream_duration: "0.05s" } })],
    },
    calls: [[get("/"), { status: 504, text: "downstream duration timeout" }]],
  },
];

export const filterCases: readonly FilterCase[] = [...authorization, ...others, ...routing];
