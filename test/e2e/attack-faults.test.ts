import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileSink } from "../../src/proxy/telemetry/log-sink";
import { takeResponse } from "./differential/wire";
import { eventually } from "../proxy/support/client";
import { clusterConfig, forward, route, TestProxy, type ProxySpec } from "../proxy/support/proxy";
import { answering, RawUpstream, response, type Script } from "../proxy/support/upstream";

const get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody";
const chunks = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n";

let up: RawUpstream;
let px: TestProxy;
async function start(script: Script, over: Partial<ProxySpec> = {}): Promise<void> {
  up = await RawUpstream.start(script);
  px = await TestProxy.start({ clusters: [clusterConfig("up", [up.port])], routes: [route(forward("up"))], ...over });
}

afterEach(async () => {
  try {
    // Whatever was broken: at rest nothing is in flight.
    await eventually(
      () => px.gauges().length === 0,
      () => px.gauges().join(" "),
    );
  } finally {
    px.close();
    await up.close();
  }
});

/** The proxy still serves somebody else. */
async function stillServes(): Promise<void> {
  const other = await px.client();
  up.script = answering("fine");
  await other.send(get).until("fine");
  other.close();
}

describe("a client that is slow", () => {
  test.each([
    ["a request", get],
    ["a request with a body", post],
    ["a request in chunks", chunks],
  ])("%s, a byte at a time, is answered once", async (_name, text) => {
    await start((received, socket) => {
      if (
        up.received.join("").endsWith(text === get ? "\r\n\r\n" : text === post ? "body" : "0\r\n\r\n") &&
        received !== ""
      )
        socket.write(response("slow but sure"));
    });
    const client = await px.client();
    for (const char of text) {
      client.send(char);
      await sleep(1);
    }
    await client.until("slow but sure");
    expect(px.log).toHaveLength(1);
    client.close();
  });

  test("a head that never ends is ended", async () => {
    await start(answering("no"), { http: { headersTimeout: 100 } });
    const client = await px.client();
    client.send("GET / HTTP/1.1\r\nHost:");
    expect(await client.untilClosed()).toMatch(/^HTTP\/1\.1 408 /);
    expect(up.connections).toBe(0);
  });

  test("a body that stalls is ended by the stream's idle limit", async () => {
    await start(() => undefined, { http: { streamIdleTimeout: 150 } });
    const client = await px.client();
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\npart");
    expect(await client.untilClosed()).toMatch(/^HTTP\/1\.1 408 /);
    await stillServes();
  });
});

describe("an upstream that is slow", () => {
  test.each([
    ["with content-length", response("slow but sure")],
    ["in chunks", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nd\r\nslow but sure\r\n0\r\n\r\n"],
  ])("a response %s, a byte at a time, arrives whole", async (_name, text) => {
    await start((_received, socket) => {
      void (async () => {
        for (const char of text) {
          socket.write(char);
          await sleep(1);
        }
      })();
    });
    const client = await px.client();
    client.send(get);
    await eventually(() => px.log.length === 1);
    const whole = takeResponse(client.received, "GET", false);
    expect([whole?.message.body, whole?.rest]).toEqual(["slow but sure", ""]);
    expect(px.log[0]).toMatchObject({ status: 200, details: "via_upstream" });
    client.close();
  });

  test("one that accepts and says nothing costs a timeout, not a connection for ever", async () => {
    await start(() => undefined, { routes: [route(forward("up", { timeout: 100 }))] });
    const client = await px.client();
    expect(await client.send(get).until("upstream request timeout")).toMatch(/^HTTP\/1\.1 504 /);
    await eventually(() => up.sockets.size === 0);
    client.close();
  });
});

/** Where in the client's bytes it goes away with RST. */
describe("RST of the client at every state", () => {
  test.each([
    "",
    "G",
    "GET / HTTP/1.1\r\n",
    get.slice(0, -1),
    get,
    post.slice(0, -2),
    post,
    chunks.slice(0, 60),
    chunks.slice(0, -2),
  ])("after %j", async (sent) => {
    await start(() => undefined);
    const client = await px.client();
    if (sent !== "") client.send(sent);
    await sleep(30);
    client.reset();
    await eventually(() => (px.downstream.downstream_cx_active as number) === 0);
    await stillServes();
  });

  test("while the response comes", async () => {
    await start((_received, socket) => void socket.write("HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\nbegin"));
    const client = await px.client();
    await client.send(get).until("begin");
    client.reset();
    await eventually(() => up.sockets.size === 0);
    await stillServes();
  });
});

describe("RST and FIN of the upstream at every state", () => {
  const heads = [
    "",
    "H",
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n",
    "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n",
    "HTTP/1.1 103 Early\r\n\r\n",
  ];
  test.each(heads.flatMap((said) => (["RST", "FIN"] as const).map((how) => [how, said] as const)))(
    "%s after %j",
    async (how, said) => {
      await start((_received, socket) => {
        const end = (): void => void (how === "RST" ? socket.resetAndDestroy() : socket.destroy());
        if (said === "") end();
        else socket.write(said, () => setTimeout(end, 20));
      });
      const client = await px.client();
      client.send(get);
      await eventually(() => px.log.length === 1);
      if (said.includes("\r\n\r\n") && !said.includes("103")) {
        // The client must not take what it has for the whole.
        await eventually(() => client.closed);
        expect(client.received).not.toContain("0\r\n\r\n");
      } else expect(await client.until("\r\n\r\n")).toMatch(/^HTTP\/1\.1 50[23] /);
      client.close();
      await stillServes();
    },
  );
});

test("an upstream that closes a kept connection at the moment of its reuse loses no idempotent request", async () => {
  let number = 0;
  await start((_received, socket) => {
    // Every second request finds its connection closing.
    if (number++ % 2 === 0) socket.write(response("ok"), () => undefined);
    else socket.resetAndDestroy();
  });
  const client = await px.client();
  for (let i = 0; i < 40; i++) {
    client.received = "";
    await client.send(i % 3 === 0 ? "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx" : get).until("ok");
  }
  expect(px.log.map(({ status }) => status)).toEqual(Array(40).fill(200));
  client.close();
});

test("a half-open client gets its answer; a half-open upstream is no answer", async () => {
  await start(answering("to the end"));
  const client = await px.client(true);
  client.send(get);
  client.socket.end();
  await client.until("to the end");
  client.close();
  up.script = (_received, socket) => void socket.end();
  const other = await px.client();
  expect(await other.send(post).until("\r\n\r\n")).toMatch(/^HTTP\/1\.1 503 /);
  other.close();
});

(existsSync("/dev/full") ? test : test.skip)("a full disk ends no request: lines are dropped and counted", async () => {
  const sink = fileSink("/dev/full");
  await start(answering("logged or not"), { http: { observers: [{ onRequest: () => sink.write("a line\n") }] } });
  const client = await px.client();
  for (let i = 0; i < 20; i++) {
    client.received = "";
    await client.send(get).until("logged or not");
    sink.flush();
  }
  await eventually(() => sink.dropped > 0);
  expect(px.log).toHaveLength(20);
  client.close();
  sink.close();
});
