import { TokenBucket } from "../../../src/proxy/filters/token-bucket";
import { RegexRewrite } from "../../../src/proxy/routing/rewrite";
import { eventually } from "../support/client";
import { RawClient } from "../support/client";
import { FilterBench, filter, type Json } from "../support/filter-bench";

const all = { numerator: 100, denominator: "HUNDRED" };
const fault = (body: Json): Json => filter("fault", "fault.v3.HTTPFault", body);

test("a bucket refills steadily up to its size, and time going back gives nothing", () => {
  const bucket = new TokenBucket(2, 1, 100);
  expect([0, 0, 0, 99, 100, 150, 200].map((at) => bucket.take(at))).toEqual([
    true,
    true,
    false,
    false,
    true,
    false,
    true,
  ]);
  expect([10_000, 10_000, 10_000, 5_000].map((at) => bucket.take(at))).toEqual([true, true, false, false]);
});

test("a substitution that names no group of the pattern is refused", () => {
  expect(() => new RegexRewrite("(a)", "\\2")).toThrow("substitution names group 2, the pattern has 1");
  expect(() => new RegexRewrite("(a)", "\\x")).toThrow("substitution");
  expect(new RegexRewrite("(a)|b", "[\\1\\\\]").apply("/ab?a")).toBe("/[a\\][\\]?a");
});

test("faults beyond max_active_faults are left out, and a client that goes away gives its own back", async () => {
  const delay = { fixed_delay: "5s", percentage: all };
  const bench = await FilterBench.start({ filters: [fault({ delay, max_active_faults: 1 })] });
  const waiting = await RawClient.open(bench.port);
  waiting.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await eventually(() => bench.counters("fault.")["active_faults"] === 1);
  expect((await bench.call({})).status).toBe(200);
  waiting.reset();
  await eventually(() => bench.counters("fault.")["active_faults"] === 0);
  expect(bench.counters("fault.")).toEqual({
    delays_injected: 1,
    aborts_injected: 0,
    faults_overflow: 1,
    active_faults: 0,
  });
  expect(bench.timers).toBe(0);
  await bench.close();
});

test("a refused request gets no 100, a buffered one does before its body", async () => {
  const head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n";
  const denying = await FilterBench.start({
    filters: [filter("rbac", "rbac.v3.RBAC", { rules: { action: "ALLOW", policies: {} } })],
  });
  const refused = await RawClient.open(denying.port);
  expect(await refused.send(head).untilClosed()).toMatch(/^HTTP\/1.1 403 /);
  await denying.close();
  const buffering = await FilterBench.start({
    filters: [filter("buffer", "buffer.v3.Buffer", { max_request_bytes: 3 })],
  });
  const client = await RawClient.open(buffering.port);
  await client.send(head).until("HTTP/1.1 100 Continue\r\n\r\n");
  expect(buffering.up.seen.length).toBe(0);
  await client.send("abc").until('"body":"abc"');
  client.close();
  await buffering.close();
});

test("a route's configuration that is of another kind than its filter is refused with its path", async () => {
  const errors = await FilterBench.errors({
    filters: [fault({})],
    host: {
      typed_per_filter_config: {
        fault: {
          "@type": "type.googleapis.com/envoy.extensions.filters.http.buffer.v3.BufferPerRoute",
          disabled: true,
        },
      },
    },
  });
  expect(errors).toMatchObject([
    { path: expect.stringMatching(/virtual_hosts\[0\]\.typed_per_filter_config\["fault"\]$/) as string },
  ]);
});

test("a direct response larger than the limit, and a limit filled too often, are refused", async () => {
  const body = { inline_string: "x".repeat(4097) };
  const long = await FilterBench.errors({
    routes: [{ match: { prefix: "/" }, direct_response: { status: 200, body } }],
  });
  expect(long).toMatchObject([{ message: "response body size is 4097 bytes; maximum is 4096" }]);
  const raised = await FilterBench.errors({
    table: { max_direct_response_body_size_bytes: 5000 },
    routes: [{ match: { prefix: "/" }, direct_response: { status: 200, body } }],
  });
  expect(raised).toEqual([]);
  const limit = filter("l", "local_ratelimit.v3.LocalRateLimit", {
    stat_prefix: "l",
    token_bucket: { max_tokens: 1, fill_interval: "0.049s" },
  });
  expect(await FilterBench.errors({ filters: [limit] })).toMatchObject([
    { message: "local rate limit token bucket fill timer must be >= 50ms" },
  ]);
});
