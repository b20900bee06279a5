import { eventually } from "../support/client";
import { proxy, simple, get, closedPort } from "../support/exchanges";
import { clusterConfig, forward, route } from "../support/proxy";
import { answering } from "../support/upstream";

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
