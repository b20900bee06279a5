import { Writable } from "node:stream";
import { AccessLogger } from "../../../src/proxy/telemetry/access-log";
import { compileJson, compileText, defaultFormat, FormatError } from "../../../src/proxy/telemetry/log-format";
import { LogSink } from "../../../src/proxy/telemetry/log-sink";
import { childOf, formatTraceparent, parseTraceparent } from "../../../src/proxy/telemetry/trace-context";
import { cluster, record } from "../support/view";

const headers = (map: Record<string, string>) => (name: string) => map[name];

describe("a text format", () => {
  test("Envoy's default is written as Envoy writes it", () => {
    const u = cluster("u");
    const line = compileText(defaultFormat)(
      record({
        cluster: u,
        upstreamHost: u.hosts[0],
        requestHeader: headers({ "user-agent": "curl", "x-request-id": "id" }),
      }),
    );
    expect(line).toBe(
      '[2026-01-02T03:04:05.678Z] "GET /a?b HTTP/1.1" 200 - 3 5 12 - "-" "curl" "id" "a.example" "127.0.0.1:8080"\n',
    );
  });

  test("takes the second header where the first is absent, a length, and a doubled %", () => {
    const write = compileText("%REQ(X-ENVOY-ORIGINAL-PATH?:PATH):2% 100%%");
    expect(write(record())).toBe("/a 100%");
    expect(write(record({ requestHeader: headers({ "x-envoy-original-path": "/orig" }) }))).toBe("/o 100%");
  });

  test("one request is one line, whatever its bytes", () => {
    const write = compileText('"%REQ(USER-AGENT)%"\n');
    const line = write(record({ requestHeader: () => 'a"\r\n\u001b[2J\\' }));
    expect(line).toBe('"a\\"\\x0d\\x0a\\x1b[2J\\\\"\n');
  });

  test("a value is bounded", () => {
    expect(compileText("%REQ(A)%")(record({ requestHeader: () => "x".repeat(1_000_000) }))).toHaveLength(8_192);
  });

  test.each(["%NONSENSE%", "100%", "%REQ%", "%REQ(a?b?c)%", "%START_TIME(%s)%", "%PROTOCOL(x)%", "%__proto__%"])(
    "%s is refused",
    (format) => expect(() => compileText(format)).toThrow(FormatError),
  );
});

describe("a JSON format", () => {
  test("keeps numbers, gives null for what is unset, nests, and mixes", () => {
    const write = compileJson(
      { code: "%RESPONSE_CODE%", host: "%UPSTREAM_HOST%", in: { at: "p=%REQ(:PATH)%", n: 1 } },
      false,
    );
    expect(JSON.parse(write(record()))).toEqual({ code: 200, host: null, in: { at: "p=/a?b", n: 1 } });
  });

  test("leaves out what is unset where asked to", () => {
    expect(compileJson({ host: "%UPSTREAM_HOST%", code: "%RESPONSE_CODE%" }, true)(record())).toBe('{"code":200}\n');
  });

  test("one request is one line", () => {
    const line = compileJson({ ua: "%REQ(USER-AGENT)%" }, false)(record({ requestHeader: () => '\n"}' }));
    expect(line.split("\n")).toHaveLength(2);
    expect(JSON.parse(line)).toEqual({ ua: '\n"}' });
  });
});

describe("a sink", () => {
  test("is bounded when the other end stops, counts what it drops, and goes on", () => {
    const stuck = new Writable({ write: () => undefined, highWaterMark: 1 });
    const sink = new LogSink(stuck);
    const line = `${"x".repeat(1023)}\n`;
    for (let i = 0; i < 10_000; i++) sink.write(line);
    expect(sink.dropped).toBeGreaterThanOrEqual(10_000 - 4 * 1024);
    expect(stuck.writableLength).toBeLessThanOrEqual(4 * 1024 * 1024);
  });

  test("counts lines that a full disk took none of, and ends nothing", async () => {
    const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error("ENOSPC")) });
    const sink = new LogSink(full);
    sink.write("a\nb\n");
    sink.flush();
    await new Promise((done) => setImmediate(done));
    expect(sink.dropped).toBe(2);
  });

  test("gets the requests that the filter wants, in order", () => {
    let text = "";
    const out = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        text += chunk.toString();
        done();
      },
    });
    const sink = new LogSink(out);
    const logger = new AccessLogger(compileText("%RESPONSE_CODE%\n"), sink, (r) => r.status >= 400);
    for (const status of [200, 404, 500]) logger.onRequest(record({ status }));
    sink.flush();
    expect(text).toBe("404\n500\n");
  });
});

describe("traceparent", () => {
  const header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  test("is read and written", () => {
    const context = parseTraceparent(header);
    expect(context).toMatchObject({ sampled: true });
    expect(context && formatTraceparent(context)).toBe(header);
  });

  test("of a later version is read by what is known of it", () => {
    expect(parseTraceparent(`cc${header.slice(2)}-what-comes`)).toMatchObject({ spanId: "00f067aa0ba902b7" });
  });

  test.each([
    header.toUpperCase(),
    `ff${header.slice(2)}`,
    `${header}-more`,
    header.replace("4bf92f3577b34da6a3ce929d0e0e4736", "0".repeat(32)),
    header.replace("00f067aa0ba902b7", "0".repeat(16)),
    "",
    "00-abc-def-01",
  ])("%j is none: the trace begins anew", (text) => expect(parseTraceparent(text)).toBeUndefined());

  test("a child keeps the trace and the decision, an orphan begins one", () => {
    const hex = (bytes: number) => "ab".repeat(bytes);
    const parent = parseTraceparent(header);
    expect(childOf(parent, false, hex)).toEqual({ ...parent, spanId: "ab".repeat(8) });
    expect(childOf(undefined, false, (n) => "00".repeat(n))).toMatchObject({ spanId: `${"0".repeat(15)}1` });
  });
});
