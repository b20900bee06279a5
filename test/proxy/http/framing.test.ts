import { eventually } from "../support/client";
import { simple, get } from "../support/exchanges";
import { forward, route } from "../support/proxy";
import { answering, response } from "../support/upstream";

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
