import { RetryOn } from "../../../src/proxy/routing/retry-policy";
import { eventually } from "../support/client";
import { upstream, proxy, simple, get, closedPort } from "../support/exchanges";
import { clusterConfig, forward, retries, route } from "../support/proxy";
import { answering, response, type Script } from "../support/upstream";

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

  test("a try that is silent for too long is given up, one that is slow but not silent is not", async () => {
    const retry = retries({ on: RetryOn.Reset, perTryIdleTimeout: 80 });
    let tries = 0;
    const { px } = await simple(
      (received, socket) => {
        if (received.startsWith("GET /slow")) {
          socket.write("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n");
          for (let i = 1; i <= 4; i++) setTimeout(() => socket.write("x"), i * 40);
        } else if (tries++ > 0) socket.write(response("good"));
      },
      { routes: [route(forward("up", { retry }))] },
    );
    const client = await px.client();
    await client.send(get("/slow")).until("xxxx");
    await client.send(get("/silent")).until("good");
    expect(px.log.map(({ status, attempts, flags }) => [status, attempts, flags])).toEqual([
      [200, 1, "-"],
      [200, 2, "-"],
    ]);
    expect(px.cluster().stats["upstream_rq_per_try_idle_timeout"]).toBe(1);
    client.close();
  });

  test("a try that falls silent in its response is cut off", async () => {
    const retry = retries({ on: RetryOn.Reset, perTryIdleTimeout: 40 });
    const { px } = await simple(
      (_received, socket) => void socket.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"),
      { routes: [route(forward("up", { retry }))] },
    );
    const client = await px.client();
    expect(await client.send(get()).untilClosed()).toMatch(/half$/);
    expect(px.log[0]).toMatchObject({ attempts: 1, details: "upstream_per_try_idle_timeout" });
  });

  test("a response that asks for a pause gets it", async () => {
    const retry = retries({
      resetHeaders: [{ name: "retry-after", format: "SECONDS" }],
      backOffBase: 1,
      backOffMax: 1,
    });
    let tries = 0;
    const { px } = await simple(
      (_received, socket) =>
        void socket.write(tries++ === 0 ? response("bad", "HTTP/1.1 503 X\r\nretry-after: 1") : response("good")),
      { routes: [route(forward("up", { retry }))] },
    );
    const client = await px.client();
    await client.send(get()).until("good");
    expect(px.cluster().stats).toMatchObject({
      upstream_rq_retry_backoff_ratelimited: 1,
      upstream_rq_retry_backoff_exponential: 0,
    });
    client.close();
  });
});
