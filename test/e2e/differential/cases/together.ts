import { one, type Answer, type Setup } from "../setup";

/** Retries, timeouts and breakers, each with each. */
const retries: readonly (readonly [name: string, policy: object | undefined])[] = [
  ["once", undefined],
  ["again", { retry_on: "5xx,reset", num_retries: 2 }],
  ["hurried", { retry_on: "5xx,reset", num_retries: 2, per_try_timeout: "0.2s" }],
  ["bounded", { retry_on: "5xx", num_retries: 1, per_try_timeout: "0.6s" }],
];
const timeouts = [
  ["short", "0.3s"],
  ["long", "1.5s"],
] as const;
const breakers: readonly (readonly [name: string, thresholds: object | undefined])[] = [
  ["free", undefined],
  ["no-retries", { max_retries: 0 }],
  ["budget", { retry_budget: { budget_percent: { value: 0 }, min_retry_concurrency: 1 } }],
  ["one-connection", { max_connections: 1, max_pending_requests: 1, max_requests: 1 }],
];
const answers: readonly (readonly [name: string, answers: readonly Answer[]])[] = [
  ["fails once", [{ status: 503 }, { body: "again" }]],
  ["fails always", [{ status: 503 }]],
  ["silent once", ["hang", { body: "again" }]],
  ["silent always", ["hang"]],
  ["slow", [{ delay: 450 }]],
  ["fails, then is slow", [{ status: 500 }, { delay: 450, body: "again" }]],
  ["resets once", ["reset", { body: "again" }]],
];

export const together: readonly Setup[] = retries.flatMap(([retry, policy]) =>
  timeouts.flatMap(([time, timeout]) =>
    breakers.map(([breaker, thresholds]): Setup => {
      const name = `together-${retry}-${time}-${breaker}`;
      const route = { cluster: name, timeout, ...(policy && { retry_policy: policy }) };
      return {
        name,
        clusters: { [name]: { to: ["u0"], ...(thresholds && { circuit_breakers: { thresholds: [thresholds] } }) } },
        hosts: [{ name: "all", domains: ["*"], routes: [{ match: { prefix: "/" }, route }] }],
        counters: [
          "upstream_rq_total",
          "upstream_rq_retry",
          "upstream_rq_retry_overflow",
          "upstream_rq_retry_limit_exceeded",
          "upstream_rq_retry_success",
          "upstream_rq_timeout",
          "upstream_rq_per_try_timeout",
        ],
        // What is left of the time goes upstream at each try, in seconds that a slow machine may round otherwise.
        cases: answers.map(([answer, list]) =>
          one(answer, "POST", "/", {}, { answers: list, content: "x", except: ["upstream"] }),
        ),
      };
    }),
  ),
);
