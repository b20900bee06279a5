import { one, type Answer, type Case, type Setup } from "../setup";

const counters = [
  "upstream_rq_total",
  "upstream_rq_retry",
  "upstream_rq_retry_success",
  "upstream_rq_retry_limit_exceeded",
  "upstream_rq_retry_overflow",
  "upstream_rq_timeout",
  "upstream_rq_per_try_timeout",
  "upstream_rq_pending_overflow",
];
const backOff = { base_interval: "0.001s", max_interval: "0.002s" };

/** No connection is used twice, so that no kept one decides. */
const freshConnections = {
  typed_extension_protocol_options: {
    "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
      "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
      common_http_protocol_options: { max_requests_per_connection: 1 },
      explicit_http_config: { http_protocol_options: {} },
    },
  },
};

const conditions: readonly (readonly [name: string, policy: object])[] = [
  ["5xx", { retry_on: "5xx" }],
  ["gateway-error", { retry_on: "gateway-error" }],
  ["reset", { retry_on: "reset" }],
  ["connect-failure", { retry_on: "connect-failure" }],
  ["retriable-4xx", { retry_on: "retriable-4xx" }],
  ["refused-stream", { retry_on: "refused-stream" }],
  ["status-codes", { retry_on: "retriable-status-codes", retriable_status_codes: [418, 503] }],
  ["two-conditions", { retry_on: "connect-failure,retriable-4xx" }],
  ["spaces", { retry_on: "5xx, gateway-error" }],
  ["ratelimited", { retry_on: "envoy-ratelimited" }],
  ["none", {}],
];
const answers: readonly (readonly [name: string, answers: readonly Answer[]])[] = [
  ["500", [{ status: 500 }, {}]],
  ["503", [{ status: 503 }, {}]],
  ["503 for ever", [{ status: 503 }]],
  ["504", [{ status: 504 }, {}]],
  ["409", [{ status: 409 }, {}]],
  ["418", [{ status: 418 }, {}]],
  ["429 limited", [{ status: 429, headers: { "x-envoy-ratelimited": "true" } }, {}]],
  ["503 limited", [{ status: 503, headers: { "x-envoy-ratelimited": "true" } }, {}]],
  ["RST", ["reset", {}]],
  ["FIN", ["close", {}]],
  ["not HTTP", [{ raw: "nonsense\r\n\r\n", then: "close" }, {}]],
  ["cut in the body", [{ raw: "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", then: "close" }, {}]],
];

/** Every condition against every answer; the host is new each time, so that no kept connection decides. */
const retryOn = conditions.map(([name, policy]): Setup => ({
  name: `retry-${name}`,
  counters,
  clusters: { [`retry-${name}`]: { to: ["u0"], ...freshConnections } },
  hosts: [
    {
      name: "all",
      domains: ["*"],
      routes: [
        {
          match: { prefix: "/" },
          route: { cluster: `retry-${name}`, retry_policy: { num_retries: 2, retry_back_off: backOff, ...policy } },
        },
      ],
    },
  ],
  cases: answers.flatMap(([answer, list]): Case[] => [
    one(answer, "GET", "/", {}, { answers: list }),
    ...(name === "5xx"
      ? [one(`${answer}, POST with a body`, "POST", "/", {}, { answers: list, content: "body" })]
      : []),
  ]),
}));

const policies: readonly (readonly [path: string, route: object])[] = [
  ["/zero", { retry_policy: { retry_on: "5xx", num_retries: 0, retry_back_off: backOff } }],
  ["/one", { retry_policy: { retry_on: "5xx", retry_back_off: backOff } }],
  ["/five", { retry_policy: { retry_on: "5xx", num_retries: 5, retry_back_off: backOff } }],
  ["/per-try", { retry_policy: { retry_on: "5xx", num_retries: 1, per_try_timeout: "0.3s", retry_back_off: backOff } }],
  ["/per-try-alone", { retry_policy: { num_retries: 1, per_try_timeout: "0.3s" } }],
  [
    "/gateway-per-try",
    { retry_policy: { retry_on: "gateway-error", num_retries: 1, per_try_timeout: "0.3s", retry_back_off: backOff } },
  ],
  [
    "/connect-per-try",
    { retry_policy: { retry_on: "connect-failure", num_retries: 1, per_try_timeout: "0.3s", retry_back_off: backOff } },
  ],
  ["/timeout", { timeout: "0.4s" }],
  ["/timeout-none", { timeout: "0s" }],
  [
    "/both",
    {
      // The last try begins 0.2 s before the end: a busy machine must not decide how many there are.
      timeout: "0.6s",
      retry_policy: { retry_on: "5xx", num_retries: 5, per_try_timeout: "0.4s", retry_back_off: backOff },
    },
  ],
  [
    "/longer-per-try",
    {
      timeout: "0.3s",
      retry_policy: { retry_on: "5xx", num_retries: 5, per_try_timeout: "2s", retry_back_off: backOff },
    },
  ],
  ["/idle", { idle_timeout: "0.4s" }],
];
const late: Answer = { delay: 700 };
const timeouts: Setup = {
  name: "timeouts",
  counters,
  hosts: [
    {
      name: "all",
      domains: ["*"],
      routes: policies.map(([path, route]) => ({ match: { path }, route: { cluster: "timeouts", ...route } })),
    },
  ],
  cases: policies.flatMap(([path]): Case[] => [
    one(`${path}, at once`, "GET", path),
    one(`${path}, late`, "GET", path, {}, { answers: [late, {}] }),
    one(`${path}, late and late`, "GET", path, {}, { answers: [late] }),
    one(`${path}, 503 twice`, "GET", path, {}, { answers: [{ status: 503 }, { status: 503 }, {}] }),
    one(`${path}, 503 and then late`, "GET", path, {}, { answers: [{ status: 503 }, late] }),
  ]),
};

const failing = (name: string, cluster: object, over: Partial<Setup> = {}): Setup => ({
  name,
  counters,
  clusters: { [name]: { to: ["dead"], ...cluster } },
  hosts: [
    {
      name: "all",
      domains: ["*"],
      routes: [
        {
          match: { path: "/retry" },
          route: {
            cluster: name,
            retry_policy: { retry_on: "connect-failure", num_retries: 2, retry_back_off: backOff },
          },
        },
        {
          match: { path: "/5xx" },
          route: { cluster: name, retry_policy: { retry_on: "5xx", num_retries: 2, retry_back_off: backOff } },
        },
        { match: { prefix: "/" }, route: { cluster: name } },
      ],
    },
  ],
  cases: [
    one("no retry", "GET", "/", {}, { except: ["body"] }),
    one("connect-failure", "GET", "/retry", {}, { except: ["body"] }),
    one("5xx", "GET", "/5xx", {}, { except: ["body"] }),
    one("5xx, HEAD", "HEAD", "/5xx", {}, { except: ["body"] }),
    one("POST", "POST", "/retry", {}, { content: "x", except: ["body"] }),
  ],
  ...over,
});

/** Breakers that are open from the start: what they refuse does not depend on when. */
const breakers = (
  [
    ["breaker-requests", { max_requests: 0 }],
    ["breaker-pending", { max_pending_requests: 0 }],
    ["breaker-retries", { max_retries: 0 }],
    ["breaker-connections", { max_connections: 0 }],
  ] as const
).map(([name, threshold]): Setup => ({
  name,
  counters,
  clusters: { [name]: { to: ["u0"], circuit_breakers: { thresholds: [threshold] } } },
  hosts: [
    {
      name: "all",
      domains: ["*"],
      routes: [
        {
          match: { path: "/retry" },
          route: { cluster: name, retry_policy: { retry_on: "5xx", num_retries: 2, retry_back_off: backOff } },
        },
        { match: { prefix: "/" }, route: { cluster: name } },
      ],
    },
  ],
  cases: [
    one("first", "GET", "/"),
    one("second", "GET", "/"),
    one("retried", "GET", "/retry", {}, { answers: [{ status: 503 }, {}] }),
    one("HEAD", "HEAD", "/"),
  ],
}));

/** The third 5xx in a row ejects the only good-looking host; a panic threshold of 0 then leaves none. */
const outlier: Setup = {
  name: "outlier",
  counters: [...counters, "upstream_cx_none_healthy"],
  clusters: {
    outlier: {
      to: ["u0"],
      ...freshConnections,
      outlier_detection: {
        consecutive_5xx: 3,
        interval: "60s",
        base_ejection_time: "60s",
        max_ejection_percent: 100,
        enforcing_success_rate: 0,
      },
      common_lb_config: { healthy_panic_threshold: { value: 0 } },
    },
  },
  hosts: [{ name: "all", domains: ["*"], routes: [{ match: { prefix: "/" }, route: { cluster: "outlier" } }] }],
  cases: [
    one("5xx once", "GET", "/", {}, { answers: [{ status: 500 }] }),
    one("5xx twice", "GET", "/", {}, { answers: [{ status: 503 }] }),
    one("a success between", "GET", "/"),
    one("1 of 3", "GET", "/", {}, { answers: [{ status: 500 }] }),
    one("2 of 3, reset", "GET", "/", {}, { answers: ["reset"] }),
    one("3 of 3", "GET", "/", {}, { answers: [{ status: 502 }] }),
    one("ejected", "GET", "/"),
    one("still ejected", "GET", "/"),
  ],
};
/** Below the panic threshold all hosts serve again. */
const panic: Setup = {
  ...outlier,
  name: "outlier-panic",
  clusters: { "outlier-panic": { to: ["u0"], ...outlier.clusters?.outlier, common_lb_config: {} } },
  hosts: [{ name: "all", domains: ["*"], routes: [{ match: { prefix: "/" }, route: { cluster: "outlier-panic" } }] }],
};

/** Round robin from host to host: a new connection manager begins where it begins, so only the set is compared. */
const empty = failing("no-hosts", {}, { clusters: { "no-hosts": { to: [] } } });

const attempts: Setup = {
  name: "attempt-count",
  hosts: [
    {
      name: "all",
      domains: ["*"],
      include_request_attempt_count: true,
      include_attempt_count_in_response: true,
      routes: [
        { match: { prefix: "/d" }, direct_response: { status: 200 } },
        {
          match: { prefix: "/" },
          route: {
            cluster: "attempt-count",
            retry_policy: { retry_on: "5xx", num_retries: 2, retry_back_off: backOff },
          },
        },
      ],
    },
  ],
  cases: [
    one("once", "GET", "/"),
    one("twice", "GET", "/", {}, { answers: [{ status: 503 }, {}] }),
    one("too often", "GET", "/", {}, { answers: [{ status: 503 }] }),
    one("direct", "GET", "/d"),
    one("the client's own", "GET", "/", { "x-envoy-attempt-count": "7" }),
  ],
};

/** The first request leaves a connection behind, which the upstream closes under the second. */
const kept: Setup = {
  name: "kept-connection",
  counters,
  hosts: [{ name: "all", domains: ["*"], routes: [{ match: { prefix: "/" }, route: { cluster: "kept-connection" } }] }],
  cases: (["reset", "close"] as const).flatMap((how) => [
    one(`${how}, before`, "GET", "/"),
    one(`${how}, GET`, "GET", "/", {}, { answers: [how, {}], except: ["body"] }),
    one(`${how}, before POST`, "GET", "/"),
    one(`${how}, POST`, "POST", "/", {}, { answers: [how, {}], content: "x", except: ["body"] }),
  ]),
};

/** What a try that was retried counts for. */
const counted: Setup = {
  name: "try-counters",
  counters: ["upstream_rq_5xx", "upstream_rq_2xx", "upstream_rq_completed"],
  hosts: [
    {
      name: "all",
      domains: ["*"],
      routes: [
        {
          match: { prefix: "/" },
          route: { cluster: "try-counters", retry_policy: { retry_on: "5xx", retry_back_off: backOff } },
        },
      ],
    },
  ],
  cases: [one("a retried 503", "GET", "/", {}, { answers: [{ status: 503 }, {}] }), one("no retry", "GET", "/")],
};

export const resilience: readonly Setup[] = [
  ...retryOn,
  timeouts,
  failing("dead", {}),
  ...breakers,
  outlier,
  panic,
  empty,
  attempts,
  kept,
  counted,
];
