import { setTimeout as sleep } from "node:timers/promises";
import { HeaderList } from "../../../src/proxy/core/header-list";
import { SeededRandom } from "../../../src/proxy/core/random";
import type { Span } from "../../../src/proxy/core/span";
import { requestJson, spanJson } from "../../../src/proxy/telemetry/otlp";
import { SpanBatch } from "../../../src/proxy/telemetry/span-batch";
import { SpanBatches } from "../../../src/proxy/telemetry/span-batches";
import { Tracer, type Sampling } from "../../../src/proxy/telemetry/tracer";
import { eventually } from "../support/client";
import { clusterConfig, forward, route, TestProxy } from "../support/proxy";
import { answering, RawUpstream, response } from "../support/upstream";
import { record } from "../support/view";

const all: Sampling = { client: 100, random: 10_000, overall: 10_000 };
const random = new SeededRandom(1);
const id = "00000064-0000-4000-8000-000000000000"; // 0x64 = 100: one hundredth of ten thousand.
const sampledId = "00000064-0000-9000-8000-000000000000";
const trace = "0af7651916cd43dd8448eb211c80319c";
const parent = "b7ad6b7169203331";
const source = { serviceName: "shop", nodeId: "n", zone: "z" };

function headers(fields: Readonly<Record<string, string>>): HeaderList {
  const list = new HeaderList();
  for (const [name, value] of Object.entries(fields)) list.append(name, value);
  return list;
}
const tracer = (over: Partial<Sampling> = {}): Tracer => new Tracer({ ...all, ...over }, false, undefined);

describe("sampling", () => {
  test.each<[string, Partial<Sampling>, Record<string, string>, boolean, string | undefined]>([
    ["all", {}, { "x-request-id": id }, true, sampledId],
    ["none", { random: 0 }, { "x-request-id": id }, false, id],
    ["just below the share", { random: 101 }, { "x-request-id": id }, true, sampledId],
    ["just at the share", { random: 100 }, { "x-request-id": id }, false, id],
    ["overall takes it back", { overall: 100 }, { "x-request-id": id }, false, id],
    ["who sampled before decides", { random: 0 }, { "x-request-id": sampledId }, true, sampledId],
    ["no id", {}, {}, false, undefined],
    ["an id that is no number", {}, { "x-request-id": "mine" }, false, "mine"],
    [
      "a client that asks",
      { random: 0 },
      { "x-request-id": id, "x-client-trace-id": "t" },
      true,
      "00000064-0000-b000-8000-000000000000",
    ],
    ["one that may not", { random: 0, client: 0 }, { "x-request-id": id, "x-client-trace-id": "t" }, false, id],
  ])("%s", (_name, over, fields, sampled, marked) => {
    const list = headers(fields);
    expect(tracer(over).begin(list, random)?.sampled).toBe(sampled);
    expect(list.lookup("x-request-id")).toBe(marked);
  });
});

describe("W3C trace context", () => {
  test("a client's trace goes on, sampled if it and we say so, and its state is handed on", () => {
    for (const [flag, share, sampled] of [
      ["01", 10_000, true],
      ["00", 10_000, false],
      ["01", 0, false],
    ] as const) {
      const list = headers({ "x-request-id": id, traceparent: `00-${trace}-${parent}-${flag}`, tracestate: "a=1" });
      const span = tracer({ random: share }).begin(list, random) as Span;
      expect(span).toMatchObject({ traceId: trace, parentId: parent, sampled, state: "a=1" });
      tracer().inject(span, list);
      expect(list.lookup("traceparent")).toBe(`00-${trace}-${span.spanId}-0${sampled ? 1 : 0}`);
      expect([span.spanId === parent, list.lookup("tracestate")]).toEqual([false, "a=1"]);
    }
  });

  test("the first of a trace drops a state that belongs to none", () => {
    const list = headers({ "x-request-id": id, tracestate: "a=1" });
    const span = tracer().begin(list, random) as Span;
    tracer().inject(span, list);
    expect(list.lookup("tracestate")).toBeUndefined();
    expect(list.lookup("traceparent")).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(span.parentId).toBe("");
  });

  test("what cannot be read is nobody's trace, and stays as it is", () => {
    expect(tracer().begin(headers({ "x-request-id": id, traceparent: "00-zz" }), random)).toBeUndefined();
  });
});

test("a span says what was asked, by whom, and what came of it; bytes that are no UTF-8 spoil no batch", () => {
  const span: Span = { traceId: trace, spanId: parent, parentId: "", sampled: true, state: "" };
  const fields: Record<string, string> = { host: "shop", "x-forwarded-proto": "http", "user-agent": "\xff\xc3\xa9" };
  const finished = record({
    status: 503,
    path: "/buy",
    startedAt: 1_700_000_000_000,
    durationMs: 1.5,
    requestHeader: (name: string) => fields[name],
  });
  const parsed = JSON.parse(spanJson(finished, span, "ingress", false, source)) as {
    attributes: { key: string; value: { stringValue: string } }[];
  };
  const { attributes, ...rest } = parsed;
  expect(rest).toEqual({
    traceId: trace,
    spanId: parent,
    name: "ingress",
    kind: 2,
    startTimeUnixNano: "1700000000000000000",
    endTimeUnixNano: "1700000000001500000",
    status: { code: 2 },
  });
  const by = Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));
  expect(by).toMatchObject({
    "http.url": "http://shop/buy",
    "http.status_code": "503",
    error: "true",
    component: "proxy",
  });
  expect(by["user_agent"]).toBe("\ufffdé");
  expect(JSON.parse(requestJson(["{}"], source))).toMatchObject({
    resourceSpans: [{ scopeSpans: [{ spans: [{}] }] }],
  });
});

test("batches: full ones leave at once; a collector that fails costs spans, which are counted, and one warning", async () => {
  const sent: number[] = [];
  let taken = false;
  let warnings = 0;
  const batch = new SpanBatch(
    source,
    (json) => {
      sent.push(json.split('"traceId"').length - 1);
      return Promise.resolve(taken);
    },
    () => warnings++,
  );
  const span: Span = { traceId: trace, spanId: parent, parentId: "", sampled: true, state: "" };
  const some = (count: number): void => {
    for (let i = 0; i < count; i++) batch.export(record(), span, "ingress", false);
  };
  some(128);
  expect(sent).toEqual([128]);
  await sleep(0);
  some(129);
  batch.flush();
  await sleep(0);
  expect([sent, batch.dropped, warnings]).toEqual([[128, 128, 1], 257, 1]);
  taken = true;
  some(5000);
  // None of them has been answered in this turn.
  expect(batch.dropped).toBe(257 + 5000 - 2048);
});

test("a request through the proxy: the upstream continues the trace, the collector gets the span", async () => {
  const [up, collector] = [await RawUpstream.start(answering("ok")), await RawUpstream.start(() => undefined)];
  let body = "";
  collector.script = (received, socket) => {
    body += received;
    if (body.endsWith("]}]}]}")) socket.write(response("{}"));
  };
  const clusters = [clusterConfig("up", [up.port]), clusterConfig("collector", [collector.port])];
  const px = await TestProxy.start({ clusters, routes: [] });
  const warned: string[] = [];
  const batches = new SpanBatches(px.worker.clusterMap, (message) => warned.push(message));
  const to = { cluster: "collector", authority: "otel", path: "/v1/traces", timeoutMs: 1000 };
  const tracing = new Tracer(all, true, batches.exporter({ to, fields: [["X-Key", "k"]], serviceName: "shop" }));
  await px.apply({
    clusters,
    routes: [route(forward("up"))],
    http: { tracing, observers: [tracing], generateRequestId: true },
  });
  const client = await px.client();
  await client.send("GET /a HTTP/1.1\r\nHost: shop\r\n\r\n").until("ok");
  const [, traceId, spanId] = /traceparent: 00-(\w+)-(\w+)-01/.exec(up.received[0] ?? "") ?? [];
  batches.flush();
  await eventually(() => body.endsWith("]}]}]}"));
  expect(body).toMatch(/^POST \/v1\/traces HTTP\/1\.1\r\nhost: otel\r\n.*content-type: application\/json\r\nx-key: k/s);
  const json = body.slice(body.indexOf("\r\n\r\n") + 4);
  expect(JSON.parse(json)).toMatchObject({
    resourceSpans: [{ scopeSpans: [{ spans: [{ traceId, spanId, name: "egress shop", kind: 3 }] }] }],
  });
  await eventually(() => px.gauges().length === 0);
  await collector.close();
  client.received = "";
  await client.send("GET /b HTTP/1.1\r\nHost: shop\r\n\r\n").until("ok");
  batches.flush();
  await eventually(() => warned.length === 1);
  expect(warned[0]).toContain("collector");
  client.close();
  px.close();
  await up.close();
});
