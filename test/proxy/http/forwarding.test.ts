import { ClusterChoice } from "../../../src/proxy/routing/action";
import { eventually } from "../support/client";
import { upstream, proxy, simple, get } from "../support/exchanges";
import { clusterConfig, forward, route } from "../support/proxy";
import { answering, response } from "../support/upstream";

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
