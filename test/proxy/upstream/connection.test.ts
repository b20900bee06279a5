import { setTimeout as sleep } from "node:timers/promises";
import { get, proxy, upstream } from "../support/exchanges";
import { clusterConfig, forward, route } from "../support/proxy";
import { answering, response } from "../support/upstream";
import { eventually } from "../support/client";

test("a connection takes no request beyond its time, closes when nobody uses it, and finishes what it serves", async () => {
  const up = await upstream((received, socket) =>
    received.startsWith("GET /slow")
      ? void setTimeout(() => socket.write(response("ok")), 150)
      : socket.write(response("ok")),
  );
  const px = await proxy({
    clusters: [clusterConfig("up", [up.port], { maxConnectionDuration: 60 })],
    routes: [route(forward("up"))],
  });
  const client = await px.client();
  for (const path of ["/1", "/2", "/slow"]) {
    await client.send(get(path)).until("ok");
    client.received = "";
  }
  expect(up.connections).toBe(1);
  await client.send(get("/3")).until("ok");
  expect(up.connections).toBe(2);
  await sleep(100);
  await eventually(() => up.sockets.size === 0);
  expect(px.cluster().stats["upstream_cx_max_duration_reached"]).toBe(1);
  client.close();
});

test("a response with more fields than the cluster allows is an error of the upstream", async () => {
  const up = await upstream((received, socket) =>
    received.startsWith("GET /many")
      ? socket.write(`HTTP/1.1 200 OK\r\n${"x: y\r\n".repeat(9)}content-length: 0\r\n\r\n`)
      : answering("ok")(received, socket, 0),
  );
  const px = await proxy({
    clusters: [clusterConfig("up", [up.port], { maxResponseHeaders: 5 })],
    routes: [route(forward("up"))],
  });
  const client = await px.client();
  expect(await client.send(get("/many")).until("\r\n\r\n")).toMatch(/^HTTP\/1\.1 502 /);
  await client.send(get("/few")).until("ok");
  expect(up.connections).toBe(2);
  client.close();
});
