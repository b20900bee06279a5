import { RetryOn } from "../../../src/proxy/routing/retry-policy";
import { ClusterChoice } from "../../../src/proxy/routing/action";
import { eventually } from "../support/client";
import { clusterConfig, forward, retries, route, TestProxy, type ProxySpec } from "../support/proxy";
import { answering, RawUpstream, response, type Script } from "../support/upstream";

let upstreams: RawUpstream[] = [];
let proxies: TestProxy[] = [];

afterEach(async () => {
  const [ups, pxs] = [upstreams, proxies];
  upstreams = [];
  proxies = [];
  try {
    // Whatever a test did: at rest nothing is counted as in flight.
    for (const px of pxs)
      await eventually(
        () => px.gauges().length === 0,
        () => px.gauges().join(" "),
      );
  } finally {
    for (const px of pxs) px.close();
    for (const up of ups) await up.close();
  }
});

async function upstream(script: Script): Promise<RawUpstream> {
  const made = await RawUpstream.start(script);
  upstreams.push(made);
  return made;
}

async function proxy(spec: ProxySpec): Promise<TestProxy> {
  const made = await TestProxy.start(spec);
  proxies.push(made);
  return made;
}

/** One cluster `up`, one route to it. */
async function simple(script: Script, over: Partial<ProxySpec> = {}): Promise<{ up: RawUpstream; px: TestProxy }> {
  const up = await upstream(script);
  const px = await proxy({ clusters: [clusterConfig("up", [up.port])], routes: [route(forward("up"))], ...over });
  return { up, px };
}

const get = (path = "/"): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const gone = await RawUpstream.start(() => undefined);
  const { port } = gone;
  await gone.close();
  return port;
}

describe("forwarding", () => {
  test("a request and its response go through, and the connections on both sides serve the next", async () => {
    const { up, px } = await simple(answering("hello"));
    const client = await px.client();
    client.send(get("/x?y=1"));
    expect(await client.until("hello")).toMatch(/^HTTP\/1\.1 200 OK\r\n.*content-length: 5\r\n.*server: envoy\r\n/s);
    client.received = "";
    await client.send(get("/2")).until("hello");
    expect(up.connections).toBe(1);
    expect(up.received[0]).toMatch(/^GET \/x\?y=1 HTTP\/1\.1\r\nhost: a\r\n/);
    expect(px.downstream["downstream_rq_2xx"]).toBe(2);
    client.close();
  });

  test("9,600 pipelined requests are answered in order, without deep recursion", async () => {
    const { px } = await simple(() => undefined, {
      routes: [route({ kind: "direct", status: 200, body: "x" }, "/direct")],
    });
    const client = await px.client();
    client.send(get("/direct").repeat(9600));
    await eventually(() => client.received.split("HTTP/1.1 200 OK").length === 9601);
    client.close();
  });

  test("pipelined requests to an upstream come back in their order", async () => {
    const { px } = await simple((received, socket) => {
      for (const match of received.matchAll(/GET (\S+)/g))
        setTimeout(() => socket.write(response(match[1] as string)), match[1] === "/0" ? 30 : 0);
    });
    const client = await px.client();
    client.send([0, 1, 2, 3].map((i) => get(`/${i}`)).join(""));
    const text = await client.until("/3");
    expect([...text.matchAll(/\r\n\r\n(\/\d)/g)].map((m) => m[1])).toEqual(["/0", "/1", "/2", "/3"]);
    client.close();
  });

  test("a chunked body goes up chunked and a close-delimited response comes down chunked", async () => {
    const { up, px } = await simple((received, socket) => {
      if (received.includes("0\r\n\r\n")) socket.end("HTTP/1.1 200 OK\r\n\r\nuntil the end");
    });
    const client = await px.client();
    client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
    const text = await client.until("0\r\n\r\n");
    expect(up.received[0]).toContain("transfer-encoding: chunked");
    expect(up.received[0]).toContain("5\r\nhello\r\n0\r\n\r\n");
    expect(text).toContain("d\r\nuntil the end\r\n0\r\n\r\n");
    client.close();
  });

  test("16 MiB each way through a slow reader arrive as they were sent, with bounded memory", async () => {
    const size = 16 * 1024 * 1024;
    const { px } = await simple((received, socket) => {
      if (received.startsWith("GET")) {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${size}\r\n\r\n`);
        const block = Buffer.alloc(size);
        for (let i = 0; i < size; i++) block[i] = (i * 7 + (i >> 13)) & 0xff;
        socket.write(block);
      }
    });
    const client = await px.client();
    let at = -1;
    let wrong = 0;
    client.socket.removeAllListeners("data");
    client.socket.on("data", (data: Buffer) => {
      let start = 0;
      if (at < 0) {
        start = data.indexOf("\r\n\r\n") + 4;
        at = 0;
      }
      for (let i = start; i < data.length; i++, at++) if (data[i] !== ((at * 7 + (at >> 13)) & 0xff)) wrong++;
      client.socket.pause();
      setImmediate(() => client.socket.resume());
    });
    client.send(get());
    await eventually(
      () => at === size,
      () => `${at} of ${size}`,
    );
    expect(wrong).toBe(0);
    client.close();
  });

  test("an upload larger than the buffers arrives as it was sent while the upstream reads slowly", async () => {
    const size = 4 * 1024 * 1024;
    let got = 0;
    let wrong = 0;
    let inBody = false;
    const up = await upstream(() => undefined);
    up.script = (received, socket) => {
      let text = received;
      if (!inBody) {
        text = received.slice(received.indexOf("\r\n\r\n") + 4);
        inBody = true;
      }
      for (let i = 0; i < text.length; i++, got++) if (text.charCodeAt(i) !== ((got * 5 + (got >> 12)) & 0xff)) wrong++;
      socket.pause();
      setImmediate(() => socket.resume());
      if (got === size) socket.write(response("done"));
    };
    const px = await proxy({ clusters: [clusterConfig("up", [up.port])], routes: [route(forward("up"))] });
    const client = await px.client();
    client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`);
    const block = Buffer.alloc(size);
    for (let i = 0; i < size; i++) block[i] = (i * 5 + (i >> 12)) & 0xff;
    client.socket.write(block);
    await client.until("done");
    expect([got, wrong]).toEqual([size, 0]);
    client.close();
  });
});

describe("framing traps", () => {
  test("a response that ends before its request: the upstream connection closes and the rest is no request", async () => {
    const { up, px } = await simple((received, socket) => {
      if (received.startsWith("POST")) socket.write(response("early"));
    });
    const client = await px.client();
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
    const text = await client.untilClosed();
    expect(text).toContain("early");
    expect(text.split("HTTP/1.1 ")).toHaveLength(2);
    await eventually(() => up.sockets.size === 0);
    expect(px.log).toHaveLength(1);
  });

  test("extra bytes after a response poison the connection", async () => {
    const { up, px } = await simple((_received, socket) => {
      socket.write(response("ok") + "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\npoison");
    });
    const client = await px.client();
    await client.send(get()).until("ok");
    client.received = "";
    expect(await client.send(get()).until("ok")).not.toContain("poison");
    expect(up.connections).toBe(2);
    client.close();
  });

  test("bytes on an idle upstream connection poison it", async () => {
    const { up, px } = await simple(answering("ok"));
    const client = await px.client();
    await client.send(get()).until("ok");
    for (const socket of up.sockets) socket.write(response("poison"));
    await eventually(() => up.sockets.size === 0);
    client.received = "";
    expect(await client.send(get()).until("ok")).not.toContain("poison");
    client.close();
  });

  test("an upstream cut short never looks complete downstream", async () => {
    for (const start of [
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
    ]) {
      const { px } = await simple((_received, socket) => {
        socket.write(start, () => setTimeout(() => socket.destroy(), 20));
      });
      const client = await px.client();
      client.send(get());
      await eventually(() => client.closed);
      expect(client.received).toContain("hello");
      expect(client.received).not.toContain("0\r\n\r\n");
      expect(px.log[0]).toMatchObject({ flags: "UC", details: "upstream_reset_after_response_started" });
    }
  });

  test.each(["HEAD", "GET"])(
    "a 304 or an answer to HEAD has no body and the connection is kept (%s)",
    async (method) => {
      const { up, px } = await simple((_received, socket) => {
        const status = method === "HEAD" ? "200 OK" : "304 Not Modified";
        socket.write(`HTTP/1.1 ${status}\r\ncontent-length: 77\r\n\r\n`);
      });
      const client = await px.client();
      client.send(`${method} / HTTP/1.1\r\nHost: a\r\n\r\n`);
      expect(await client.until("\r\n\r\n")).toContain("content-length: 77");
      client.received = "";
      await client.send(`${method} / HTTP/1.1\r\nHost: a\r\n\r\n`).until("\r\n\r\n");
      expect(up.connections).toBe(1);
      client.close();
    },
  );

  test("an upstream that breaks the protocol is answered 502", async () => {
    const { px } = await simple((_received, socket) => void socket.write("HTTP/1.1 200 OK\nx: y\n\n"));
    const client = await px.client();
    expect(await client.send(get()).until("protocol error")).toMatch(/^HTTP\/1\.1 502 /);
    expect(px.log[0]).toMatchObject({ flags: "UPE" });
    client.close();
  });

  test("a 101 that nobody asked for is an error, not a tunnel", async () => {
    const { px } = await simple((_received, socket) => {
      socket.write("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nraw");
    });
    const client = await px.client();
    expect(await client.send(get()).until("protocol error")).toMatch(/^HTTP\/1\.1 502 /);
    client.close();
  });

  test("interim responses are passed over and the real one follows", async () => {
    const { px } = await simple((_received, socket) => {
      socket.write("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" + response("real"));
    });
    const client = await px.client();
    expect(await client.send(get()).until("real")).toMatch(/^HTTP\/1\.1 200 OK/);
    client.close();
  });

  test.each([
    [
      "an unknown method's smuggled body",
      "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["a bare LF", "GET / HTTP/1.1\nHost: a\n\n"],
    ["no Host", "GET / HTTP/1.1\r\n\r\n"],
    ["two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"],
    ["a Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"],
    ["a Host with user information", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"],
    ["an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"],
    ["a Connection that names Host", "GET / HTTP/1.1\r\nHost: a\r\nConnection: close, host\r\n\r\n"],
    [
      "a Connection that names the client certificate",
      "GET / HTTP/1.1\r\nHost: a\r\nConnection: x-forwarded-client-cert\r\n\r\n",
    ],
    ["an absolute target with user information", "GET http://x@b/ HTTP/1.1\r\nHost: a\r\n\r\n"],
    ["a target in authority form", "GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n"],
  ])("400 and the end for %s, without a word to the upstream", async (_name, bytes) => {
    const { up, px } = await simple(answering("no"));
    const client = await px.client();
    const text = await client.send(bytes + get("/next")).untilClosed();
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(text.split("HTTP/1.1 ")).toHaveLength(2);
    expect(up.connections).toBe(0);
  });

  test("an absolute target's authority replaces Host", async () => {
    const { up, px } = await simple(answering("ok"));
    const client = await px.client();
    await client.send("GET http://b:81/p HTTP/1.1\r\nHost: a\r\n\r\n").until("ok");
    expect(up.received[0]).toMatch(/^GET \/p HTTP\/1\.1\r\nhost: b:81\r\n/);
    client.close();
  });
});

describe("what the client may not say for us", () => {
  test("hop-by-hop fields, those that Connection names, x-envoy-* and client certificates stay behind", async () => {
    const { up, px } = await simple(answering("ok"));
    const client = await px.client();
    client.send(
      "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, X-Secret\r\nX-Secret: 1\r\nKeep-Alive: timeout=5\r\nTE: trailers\r\n" +
        "X-Envoy-Retry-On: 5xx\r\nx-envoy-upstream-rq-timeout-ms: 1\r\nX-Forwarded-Client-Cert: URI=spiffe://evil\r\nX-Kept: 1\r\n\r\n",
    );
    await client.until("ok");
    expect(up.received[0]).toContain("x-kept: 1");
    expect(up.received[0]).not.toMatch(/x-secret|keep-alive|te:|retry-on|rq-timeout-ms: 1\r|client-cert/i);
    client.close();
  });

  test("a trailer never becomes a field", async () => {
    const { up, px } = await simple((received, socket) => {
      if (received.includes("0\r\n")) socket.write(response("ok"));
    });
    const client = await px.client();
    client.send(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nAuthorization: x\r\nHost: evil\r\n\r\n",
    );
    await client.until("ok");
    expect(up.received[0]).not.toMatch(/authorization|evil/i);
    client.close();
  });

  test("the path is normalised before it is routed and forwarded", async () => {
    const { up, px } = await simple(answering("ok"), {
      routes: [route({ kind: "direct", status: 403, body: "denied" }, "/admin"), route(forward("up"))],
    });
    const client = await px.client();
    for (const path of ["/x/../admin", "/%61dmin", "/./admin", "/x\\..\\admin", "/x/%2e%2e/admin"]) {
      client.received = "";
      await client.send(get(path)).until("denied");
    }
    client.received = "";
    await client.send(get("/a%2fb/../c?q=/../")).until("ok");
    expect(up.received[0]).toMatch(/^GET \/c\?q=\/\.\.\/ HTTP/);
    client.close();
  });
});

describe("life and death", () => {
  test("a client that sent FIN still gets its answer", async () => {
    const { px } = await simple((_received, socket) => void setTimeout(() => socket.write(response("late")), 30));
    const client = await px.client(true);
    client.send(get());
    client.socket.end();
    expect(await client.until("late")).toContain("200 OK");
    await client.untilClosed();
  });

  test("a client that sent FIN while its request waits for another try gets that try's answer", async () => {
    let asked = 0;
    const { px } = await simple(
      (_received, socket) => void socket.write(++asked === 1 ? response("no", "HTTP/1.1 503 X") : response("second")),
      { routes: [route(forward("up", { retry: retries({ backOffBase: 200, backOffMax: 400 }) }))] },
    );
    const client = await px.client(true);
    client.send(get());
    client.socket.end();
    await client.until("second");
    await client.untilClosed();
    expect(px.log[0]).toMatchObject({ status: 200, attempts: 2 });
    await eventually(() => px.gauges().length === 0);
  });

  test("a client that resets while its request waits for another try takes it along", async () => {
    const { px, up } = await simple((_received, socket) => void socket.write(response("no", "HTTP/1.1 503 X")), {
      routes: [route(forward("up", { retry: retries({ backOffBase: 5000, backOffMax: 5000 }) }))],
    });
    const client = await px.client();
    client.send(get());
    await eventually(() => px.worker.clusterMap.get("up")?.retriesActive === 1);
    client.reset();
    await eventually(() => px.log.length === 1 && px.gauges().length === 0);
    expect([px.log[0]?.flags, up.received.length]).toEqual(["DC", 1]);
  });

  test("a client that goes away ends its try, and the upstream connection is not used again", async () => {
    const { up, px } = await simple(() => undefined);
    const client = await px.client();
    client.send(get());
    await eventually(() => up.received[0]?.includes("GET") === true);
    client.reset();
    await eventually(() => up.sockets.size === 0);
    expect(px.log[0]).toMatchObject({ status: 0, flags: "DC" });
  });

  test("100-continue is given once the request is let through, and not to a denied one", async () => {
    const { px } = await simple((received, socket) => {
      if (received.includes("body!")) socket.write(response("took it"));
    }, {});
    const client = await px.client();
    client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    await client.until("HTTP/1.1 100 Continue\r\n\r\n");
    await client.send("body!").until("took it");
    client.close();
    const denying = await simple(() => undefined, {
      routes: [route({ kind: "direct", status: 403, body: "denied" })],
    });
    const denied = await denying.px.client();
    denied.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    expect(await denied.untilClosed()).toMatch(/^HTTP\/1\.1 403 /);
  });

  test("an upgrade becomes a tunnel, early bytes of both sides included, and FIN goes through as FIN", async () => {
    const { up, px } = await simple(
      (received, socket) => {
        if (received.startsWith("GET"))
          socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nfrom-up|");
        else socket.write(`echo:${received}`, "latin1");
      },
      { http: { upgrades: new Set(["websocket"]) } },
    );
    const client = await px.client(true);
    client.send("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n\r\nearly");
    const text = await client.until("echo:early");
    expect(text).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n.*upgrade: websocket.*\r\n\r\nfrom-up\|/s);
    await client.send("\x00\xff").until("echo:\x00\xff");
    client.socket.end();
    await client.untilClosed();
    await eventually(() => up.sockets.size === 0);
  });

  test("an upgrade that is not allowed is refused", async () => {
    const { px } = await simple(answering("no"));
    const client = await px.client();
    client.send("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    expect(await client.until("\r\n\r\n")).toMatch(/^HTTP\/1\.1 403 /);
    client.close();
  });

  test("CONNECT is refused", async () => {
    const { px } = await simple(answering("no"));
    const client = await px.client();
    expect(await client.send("CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\n").untilClosed()).toMatch(
      /^HTTP\/1\.1 403 /,
    );
  });

  test("a head that does not end in time is answered 408", async () => {
    const { px } = await simple(answering("no"), { http: { headersTimeout: 40 } });
    const client = await px.client();
    expect(await client.send("GET / HTTP/1.1\r\nHos").untilClosed()).toMatch(/^HTTP\/1\.1 408 /);
  });
});

describe("local replies are Envoy's", () => {
  test("no route", async () => {
    const { px } = await simple(answering("no"), { routes: [route(forward("up"), "/only")] });
    const client = await px.client();
    expect(await client.send(get()).until("\r\n\r\n")).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
    expect(px.log[0]).toMatchObject({ flags: "NR", details: "route_not_found" });
    client.close();
  });

  test("no host", async () => {
    const px = await proxy({ clusters: [clusterConfig("up", [])], routes: [route(forward("up"))] });
    const client = await px.client();
    expect(await client.send(get()).until("no healthy upstream")).toMatch(/^HTTP\/1\.1 503 /);
    expect(px.log[0]).toMatchObject({ flags: "UH" });
    client.close();
  });

  test("no such cluster", async () => {
    const px = await proxy({ clusters: [], routes: [route(forward("gone"))] });
    const client = await px.client();
    expect(await client.send(get()).until("\r\n\r\n")).toMatch(/^HTTP\/1\.1 503 /);
    expect(px.log[0]).toMatchObject({ flags: "NC" });
    client.close();
  });

  test("nobody listens", async () => {
    const px = await proxy({ clusters: [clusterConfig("up", [await closedPort()])], routes: [route(forward("up"))] });
    const client = await px.client();
    expect(await client.send(get()).until("connection failure")).toMatch(/^HTTP\/1\.1 503 /);
    expect(px.log[0]).toMatchObject({ flags: "UF" });
    client.close();
  });

  test("the request's time is over", async () => {
    const { px, up } = await simple(() => undefined, { routes: [route(forward("up", { timeout: 40 }))] });
    const client = await px.client();
    expect(await client.send(get()).until("upstream request timeout")).toMatch(/^HTTP\/1\.1 504 /);
    expect(px.log[0]).toMatchObject({ flags: "UT", details: "response_timeout" });
    await eventually(() => up.sockets.size === 0);
    client.close();
  });

  test("time runs out in the middle of a response: it is cut, not completed", async () => {
    const { px } = await simple(
      (_received, socket) => void socket.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"),
      { routes: [route(forward("up", { timeout: 60 }))] },
    );
    const client = await px.client();
    client.send(get());
    await eventually(() => client.closed);
    expect(px.log[0]).toMatchObject({ status: 200, flags: "UT" });
  });
});

describe("retries", () => {
  const failing = (times: number): Script => {
    let left = times;
    return (received, socket) => {
      if (!received.includes("\r\n\r\n")) return;
      socket.write(left-- > 0 ? response("bad", "HTTP/1.1 503 X") : response("good"));
    };
  };

  test("a 5xx is tried again and the second answer is the client's; the connection is kept", async () => {
    const { up, px } = await simple(failing(1), { routes: [route(forward("up", { retry: retries() }))] });
    const client = await px.client();
    expect(await client.send(get()).until("good")).not.toContain("bad");
    expect(px.log[0]).toMatchObject({ status: 200, attempts: 2, flags: "-" });
    expect(px.cluster().stats).toMatchObject({
      upstream_rq_retry: 1,
      upstream_rq_retry_success: 1,
      upstream_rq_total: 2,
    });
    expect(up.connections).toBe(1);
    client.close();
  });

  test("the last try's response goes to the client, flagged URX", async () => {
    const { px } = await simple(failing(9), { routes: [route(forward("up", { retry: retries({ numRetries: 2 }) }))] });
    const client = await px.client();
    expect(await client.send(get()).until("bad")).toMatch(/^HTTP\/1\.1 503 /);
    expect(px.log[0]).toMatchObject({ attempts: 3, flags: "URX" });
    client.close();
  });

  test("a request body is sent again in full", async () => {
    const { up, px } = await simple(failing(1), { routes: [route(forward("up", { retry: retries() }))] });
    const client = await px.client();
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    await client.until("good");
    expect(up.received.join("").split("hello")).toHaveLength(3);
    client.close();
  });

  test("a body beyond the limit goes on and is no longer tried again", async () => {
    const size = 200_000;
    const { px } = await simple(
      (_received, socket) => void setTimeout(() => socket.write(response("bad", "HTTP/1.1 503 X")), 50),
      { routes: [route(forward("up", { retry: retries() }))], http: { bufferLimit: 10_000 } },
    );
    const client = await px.client();
    client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`);
    for (let sent = 0; sent < size; sent += 20_000) {
      client.send("x".repeat(20_000));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await client.until("bad");
    expect(px.log[0]).toMatchObject({ attempts: 1 });
    client.close();
  });

  test("connect-failure goes to another host", async () => {
    const good = await upstream(answering("good"));
    const px = await proxy({
      clusters: [clusterConfig("up", [await closedPort(), good.port])],
      routes: [route(forward("up", { retry: retries({ on: RetryOn.ConnectFailure, numRetries: 2 }) }))],
    });
    const client = await px.client();
    for (let i = 0; i < 4; i++) {
      client.received = "";
      await client.send(get()).until("good");
    }
    client.close();
  });

  test("no retry without its condition", async () => {
    const { px } = await simple(failing(1), {
      routes: [route(forward("up", { retry: retries({ on: RetryOn.ConnectFailure }) }))],
    });
    const client = await px.client();
    await client.send(get()).until("bad");
    expect(px.log[0]).toMatchObject({ attempts: 1 });
    client.close();
  });

  test("the per-try timeout asks again; the request's own timeout bounds all of it", async () => {
    let first = true;
    const { px } = await simple(
      (_received, socket) => {
        if (!first) socket.write(response("second"));
        first = false;
      },
      { routes: [route(forward("up", { retry: retries({ perTryTimeout: 30 }) }))] },
    );
    const client = await px.client();
    await client.send(get()).until("second");
    expect(px.cluster().stats).toMatchObject({ upstream_rq_per_try_timeout: 1 });
    client.close();
    const silent = await simple(() => undefined, {
      routes: [route(forward("up", { timeout: 50, retry: retries({ perTryTimeout: 20, numRetries: 99 }) }))],
    });
    const waiting = await silent.px.client();
    expect(await waiting.send(get()).until("timeout")).toMatch(/^HTTP\/1\.1 504 /);
    waiting.close();
  });

  test("a kept connection that the upstream closes as it is used loses no idempotent request", async () => {
    let count = 0;
    const { px } = await simple((received, socket) => {
      // The second request on a connection meets its end.
      if (++count === 2) socket.destroy();
      else if (received.includes("\r\n\r\n")) socket.write(response("ok"));
    });
    const client = await px.client();
    await client.send(get()).until("ok");
    client.received = "";
    await client.send(get("/again")).until("ok");
    expect(px.log[1]).toMatchObject({ status: 200, attempts: 1 });
    client.close();
  });

  test("but a POST is not sent twice without a policy", async () => {
    let count = 0;
    const { up, px } = await simple((_received, socket) => {
      if (++count === 2) socket.destroy();
      else socket.write(response("ok"));
    });
    const client = await px.client();
    await client.send(get()).until("ok");
    client.received = "";
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
    expect(await client.until("connection termination")).toMatch(/^HTTP\/1\.1 503 /);
    expect(up.received.join("").split("POST")).toHaveLength(2);
    client.close();
  });

  test("a client that leaves between two tries leaves nothing behind", async () => {
    const { px } = await simple(failing(99), {
      routes: [route(forward("up", { retry: retries({ numRetries: 9, backOffBase: 2000, backOffMax: 4000 }) }))],
    });
    const client = await px.client();
    client.send(get());
    await eventually(() => px.cluster().stats["upstream_rq_retry"] === 1);
    client.reset();
    await eventually(() => px.log.length === 1);
    expect(px.gauges()).toEqual([]);
  });

  test("retries of a cluster are bounded when everything fails", async () => {
    const up = await upstream((_received, socket) => void socket.write(response("bad", "HTTP/1.1 503 X")));
    const px = await proxy({
      clusters: [
        clusterConfig("up", [up.port], {
          limits: { maxConnections: 99, maxPendingRequests: 99, maxRequests: 99, maxRetries: 1 },
        }),
      ],
      routes: [route(forward("up", { retry: retries({ backOffBase: 60, backOffMax: 60 }) }))],
    });
    const clients = await Promise.all(Array.from({ length: 8 }, () => px.client()));
    for (const client of clients) client.send(get());
    for (const client of clients) await client.until("bad");
    expect(px.cluster().stats["upstream_rq_retry_overflow"]).toBeGreaterThan(0);
    for (const client of clients) client.close();
  });
});

describe("weights", () => {
  test("header_name decides, modulo the total, and a weight of 0 takes nothing", async () => {
    const [one, two] = [await upstream(answering("one")), await upstream(answering("two"))];
    const clusters = new ClusterChoice(
      [
        { name: "one", weight: 3 },
        { name: "none", weight: 0 },
        { name: "two", weight: 1 },
      ],
      "x-pick",
    );
    const px = await proxy({
      clusters: [clusterConfig("one", [one.port]), clusterConfig("none", []), clusterConfig("two", [two.port])],
      routes: [route(forward("", { clusters }))],
    });
    const client = await px.client();
    for (const [pick, body] of [
      ["0", "one"],
      ["2", "one"],
      ["3", "two"],
      ["4", "one"],
      ["18446744073709551615", "two"],
    ] as const) {
      client.received = "";
      await client.send(`GET / HTTP/1.1\r\nHost: a\r\nX-Pick: ${pick}\r\n\r\n`).until(body);
    }
    client.close();
  });
});
