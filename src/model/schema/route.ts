import { z } from "zod";
import { DEFAULTS as D } from "../defaults";
import { count, dnsLabel, duration, hostname, name, optional, port, reference, required, status } from "./fields";
import { grpcFilters, httpFilters } from "./filters";
import { grpcMatch, httpMatch, tlsMatch } from "./match";

export const retryCondition = z.enum([
  "5xx",
  "gateway-error",
  "reset",
  "connect-failure",
  "refused-stream",
  "retriable-4xx",
  "cancelled",
  "deadline-exceeded",
  "internal",
  "resource-exhausted",
  "unavailable",
]);

const retries = z.strictObject({
  attempts: optional(count.max(100), "Tries after the first; 0: never retried", D.retries.attempts),
  perTryTimeout: optional(duration, "Time one try may take; 0s: the request's own timeout", D.retries.perTryTimeout),
  on: optional(z.array(retryCondition), "What is retried; empty: only statuses", D.retries.on),
  statuses: optional(z.array(status), "Statuses retried besides", []),
  backoff: optional(
    z.strictObject({
      base: optional(duration, "Wait before the first retry, doubled for each further one", D.retries.backoffBase),
      max: optional(duration, "Longest wait", D.retries.backoffMax),
    }),
    "Waits between tries",
    {},
  ),
});

const backend = z.strictObject({
  service: required(reference, "Service or external service that answers"),
  version: optional(dnsLabel, "Version that answers; any when left out"),
  port: optional(port, "Port of that service", "its only port"),
  weight: optional(count.max(1_000_000), "Share of the rule's total; 0: no traffic", D.weight),
});
const backends = z.array(backend);

const ruleName = optional(name, "Name shown in findings and metrics; its position when left out");
const timeout = optional(duration, "Longest time for a request, retries included; 0s: no limit", D.timeout);
const idleTimeout = optional(duration, "Ended after this time without a byte; 0s: never", D.idleTimeout);

const httpRule = z.strictObject({
  name: ruleName,
  matches: optional(z.array(httpMatch), "Any of these; empty: every request", []),
  backends: optional(backends, "Who answers, by weight; needed unless filters answer", []),
  filters: optional(httpFilters, "Changes on the way", {}),
  timeout,
  idleTimeout,
  retries: optional(retries, "When and how often a request is tried again", {}),
});
const grpcRule = z.strictObject({
  name: ruleName,
  matches: optional(z.array(grpcMatch), "Any of these; empty: every call", []),
  backends: required(backends.min(1, "expected at least one backend"), "Who answers, by weight"),
  filters: optional(grpcFilters, "Changes on the way", {}),
  timeout,
  idleTimeout,
  retries: optional(retries, "When and how often a call is tried again", {}),
});
const tcpRule = z.strictObject({
  name: ruleName,
  backends: required(backends.min(1, "expected at least one backend"), "Who answers, by weight"),
  idleTimeout,
});
const tlsRule = z.strictObject({
  name: ruleName,
  matches: required(z.array(tlsMatch).min(1, "expected at least one match"), "Any of these"),
  backends: required(backends.min(1, "expected at least one backend"), "Who answers, by weight"),
  idleTimeout,
});

const parent = z.strictObject({
  service: optional(reference, "Service whose callers are routed; one of service and gateway"),
  port: optional(port, "Only this port of the service, or of the gateway; every port when left out"),
  gateway: optional(reference, "Gateway whose visitors are routed"),
  listener: optional(dnsLabel, "Only this listener of the gateway; every one when left out"),
});

const rules = <S extends z.ZodType>(rule: S) => z.array(rule).min(1, "expected at least one rule");

/** Where the requests to a name go. First match wins, in the order written. */
export const route = z.strictObject({
  name: required(dnsLabel, "Name of the route"),
  namespace: optional(dnsLabel, "Kubernetes namespace of the route", "its first parent's"),
  service: optional(reference, "Short for parents: [{ service }]"),
  gateway: optional(reference, "Short for parents: [{ gateway }]"),
  parents: optional(z.array(parent), "What it is attached to; needed unless service or gateway says it"),
  hostnames: optional(
    z.array(hostname),
    "Names it answers to besides a service parent's own; with a gateway empty means the listener's",
    [],
  ),
  http: optional(rules(httpRule), "Rules over HTTP requests; one of http, grpc, tcp and tls"),
  grpc: optional(rules(grpcRule), "Rules over gRPC calls"),
  tcp: optional(rules(tcpRule), "The rule over TCP connections"),
  tls: optional(rules(tlsRule), "Rules over TLS connections, by server name"),
});
