import { HeaderList } from "../../../src/proxy/core/header-list";
import { HeaderCondition } from "../../../src/proxy/routing/conditions";
import { stringTest } from "../../../src/proxy/routing/matchers";
import {
  parseRetryOn,
  policyFor,
  resetInterval,
  retriableResponse,
  retryBits,
  type RetryPolicy,
} from "../../../src/proxy/routing/retry-policy";
import { retries } from "../support/proxy";

const exact = (name: string, value: string) => new HeaderCondition(name, stringTest({ exact: value }), false, false);

function policy(on: string, over: Partial<RetryPolicy> = {}): RetryPolicy {
  return retries({ on: retryBits(parseRetryOn(on).bits, over.statusCodes ?? []), ...over });
}

function headers(fields: Readonly<Record<string, string>> = {}): HeaderList {
  const list = new HeaderList();
  for (const [name, value] of Object.entries(fields)) list.append(name, value);
  return list;
}

type Answer = readonly [status: number, fields: Readonly<Record<string, string>>];
const limited = { "x-envoy-ratelimited": "true" };

test.each<[string, RetryPolicy, Answer[], Answer[]]>([
  [
    "5xx",
    policy("5xx"),
    [
      [500, {}],
      [599, {}],
    ],
    [
      [499, {}],
      [200, {}],
      [503, limited],
    ],
  ],
  [
    "gateway-error",
    policy("gateway-error"),
    [
      [502, {}],
      [504, {}],
    ],
    [
      [500, {}],
      [505, {}],
    ],
  ],
  [
    "retriable-4xx",
    policy("retriable-4xx"),
    [[409, {}]],
    [
      [404, {}],
      [500, {}],
    ],
  ],
  [
    "envoy-ratelimited",
    policy("envoy-ratelimited"),
    [
      [429, limited],
      [200, limited],
    ],
    [[429, {}]],
  ],
  [
    "retriable-status-codes, below 400 too",
    policy("retriable-status-codes", { statusCodes: [200, 404] }),
    [
      [200, {}],
      [404, {}],
    ],
    [
      [204, {}],
      [500, {}],
    ],
  ],
  ["the codes without the word", policy("5xx", { statusCodes: [404] }), [], [[404, {}]]],
  [
    "retriable-headers",
    policy("retriable-headers", { responseHeaders: [exact("x-again", "yes"), exact(":status", "418")] }),
    [
      [200, { "x-again": "yes" }],
      [418, {}],
    ],
    [
      [200, { "x-again": "no" }],
      [500, {}],
      [200, { "x-again": "yes", ...limited }],
    ],
  ],
  [
    "gRPC statuses",
    policy("unavailable,internal"),
    [
      [200, { "grpc-status": "14" }],
      [200, { "grpc-status": "13" }],
    ],
    [
      [200, { "grpc-status": "1" }],
      [200, { "grpc-status": "0" }],
      [200, {}],
      [503, {}],
    ],
  ],
])("%s", (_name, retry, yes, no) => {
  for (const [status, fields] of yes)
    expect([status, fields, retriableResponse(retry, status, headers(fields))]).toEqual([status, fields, true]);
  for (const [status, fields] of no)
    expect([status, fields, retriableResponse(retry, status, headers(fields))]).toEqual([status, fields, false]);
});

test("a request that the policy is not for keeps its timeouts and is not tried again", () => {
  const retry = policy("5xx", { perTryTimeout: 50, requestHeaders: [exact("x-safe", "1"), exact(":method", "PUT")] });
  const request = (method: string, fields: Readonly<Record<string, string>> = {}) => ({
    method,
    authority: "a",
    scheme: "http",
    pathname: "/",
    query: "",
    headers: headers(fields),
  });
  expect(policyFor(retry, request("GET", { "x-safe": "1" }))).toBe(retry);
  expect(policyFor(retry, request("PUT"))).toBe(retry);
  const other = policyFor(retry, request("GET"));
  expect(other).toMatchObject({ perTryTimeout: 50 });
  expect(retriableResponse(other as RetryPolicy, 503, headers())).toBe(false);
  const forAll = policy("5xx");
  expect(policyFor(forAll, request("GET"))).toBe(forAll);
  expect(policyFor(undefined, request("GET"))).toBeUndefined();
});

test("a response may ask to wait: the first field that says a time within the bound", () => {
  const retry = policy("5xx", {
    resetHeaders: [
      { name: "retry-after", format: "SECONDS" },
      { name: "x-reset", format: "UNIX_TIMESTAMP" },
    ],
    resetMax: 60_000,
  });
  const wait = (fields: Readonly<Record<string, string>>) => resetInterval(retry, headers(fields), 1_000_000);
  expect(wait({ "retry-after": "2", "x-reset": "1030" })).toBe(2000);
  expect(wait({ "retry-after": "soon", "x-reset": "1030" })).toBe(30_000);
  expect(wait({ "retry-after": "61" })).toBeUndefined();
  expect(wait({ "retry-after": "0" })).toBeUndefined();
  expect(wait({ "x-reset": "999" })).toBeUndefined();
  expect(wait({})).toBeUndefined();
});
