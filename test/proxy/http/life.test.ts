import { eventually } from "../support/client";
import { simple, get } from "../support/exchanges";
import { forward, retries, route } from "../support/proxy";
import { answering, response } from "../support/upstream";

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
