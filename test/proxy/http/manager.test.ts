import { PrefixRewrite } from "../../../src/proxy/routing/rewrite";
import { eventually } from "../support/client";
import { get, proxy, simple, upstream } from "../support/exchanges";
import { clusterConfig, forward, retries, route } from "../support/proxy";
import { answering, response } from "../support/upstream";

const serving = (server: string) => (_received: string, socket: { write(text: string): unknown }) =>
  void socket.write(response("ok", `HTTP/1.1 200 OK\r\n${server}`));

test.each([
  ["OVERWRITE", "server: theirs", "envoy", "envoy"],
  ["APPEND_IF_ABSENT", "server: theirs", "theirs", "envoy"],
  ["PASS_THROUGH", "server: theirs", "theirs", undefined],
  ["APPEND_IF_ABSENT", "x: y", "envoy", "envoy"],
  ["PASS_THROUGH", "x: y", undefined, undefined],
] as const)("server, %s, of an upstream that says %s", async (serverHeader, said, forwarded, local) => {
  const { px } = await simple(serving(said), {
    http: { serverHeader },
    routes: [route({ kind: "direct", status: 200, body: "local" }, "/local"), route(forward("up"))],
  });
  const server = (text: string): string | undefined => /\r\nserver: ([^\r]*)/.exec(text)?.[1];
  const client = await px.client();
  expect(server(await client.send(get()).until("ok"))).toBe(forwarded);
  client.received = "";
  expect(server(await client.send(get("/local")).until("local"))).toBe(local);
  client.close();
});

test("a scheme that is set goes to the upstream and decides redirects", async () => {
  const redirect = {
    kind: "redirect",
    status: 301,
    scheme: "",
    host: "",
    port: 0,
    path: "/to",
    rewrite: undefined,
    stripQuery: false,
  } as const;
  const { up, px } = await simple(answering("ok"), {
    http: { scheme: "https" },
    routes: [route(redirect, "/from"), route(forward("up"))],
  });
  const client = await px.client();
  await client.send(get()).until("ok");
  expect(up.received[0]).toContain("x-forwarded-proto: https");
  expect(await client.send(get("/from")).until("301")).toMatch(/location: https:\/\/a\/to\r\n/);
  client.close();
});

test("Host goes on without its port", async () => {
  const { up, px } = await simple(answering("ok"), { http: { stripPort: true } });
  for (const [host, wanted] of [
    ["a.example:81", "a.example"],
    ["[::1]:81", "[::1]"],
    ["a", "a"],
  ]) {
    const client = await px.client();
    await client.send(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`).until("ok");
    expect(up.received.join("").split("host: ").at(-1)).toMatch(
      new RegExp(`^${wanted?.replace(/[[\].]/g, "\\$&")}\r\n`),
    );
    client.close();
  }
});

test("suppressed, the router's own x-envoy-* fields are written to neither side", async () => {
  const action = forward("up", { rewrite: new PrefixRewrite(1, "/to/"), hostRewrite: "b" });
  const { up, px } = await simple(answering("ok"), { http: { suppressEnvoyHeaders: true }, routes: [route(action)] });
  const client = await px.client();
  expect(await client.send(get("/x")).until("ok")).not.toContain("x-envoy");
  expect(up.received[0]).toMatch(/^GET \/to\/x HTTP\/1\.1\r\nhost: b\r\n/);
  expect(up.received[0]).not.toContain("x-envoy");
  client.close();
});

test("each try goes to its host by that host's name", async () => {
  const [bad, good] = [
    await upstream((_r, socket) => void socket.write(response("", "HTTP/1.1 503 X"))),
    await upstream(answering("ok")),
  ];
  const endpoints = [
    { address: "127.0.0.1", port: bad.port, weight: 1, hostname: "bad.example" },
    { address: "127.0.0.1", port: good.port, weight: 1, hostname: "good.example" },
  ];
  const px = await proxy({
    clusters: [clusterConfig("up", [], { endpoints })],
    routes: [route(forward("up", { autoHostRewrite: true, retry: retries({ numRetries: 3 }) }))],
  });
  for (let i = 0; i < 2; i++) {
    const client = await px.client();
    await client.send(get()).until("ok");
    client.close();
  }
  expect(bad.received.join("")).toMatch(/host: bad\.example\r\n/);
  expect(bad.received.join("")).not.toContain("host: good");
  expect(
    good.received
      .join("")
      .split("GET /")
      .slice(1)
      .every((text) => text.includes("host: good.example\r\n")),
  ).toBe(true);
  expect(good.received.join("")).toContain("x-envoy-original-host: a\r\n");
});

test("a request that does not come in time is answered 408, its head or its body", async () => {
  const { px } = await simple(() => undefined, { http: { requestTimeout: 40 } });
  for (const text of ["GET / HTTP/1.1\r\nHost:", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf"]) {
    const client = await px.client();
    expect(await client.send(text).untilClosed()).toMatch(/^HTTP\/1\.1 408 .*request timeout$/s);
  }
  expect(px.downstream["downstream_rq_timeout"]).toBe(2);
});

test("a connection that lived its time closes: with its response, or without when nothing is asked", async () => {
  const { px } = await simple((_r, socket) => void setTimeout(() => socket.write(response("ok")), 250), {
    http: { maxConnectionDuration: 100, drainTimeout: 200 },
  });
  const [busy, idle] = [await px.client(), await px.client()];
  expect(await busy.send(get()).untilClosed()).toMatch(/connection: close\r\n.*ok$/s);
  expect(await idle.untilClosed()).toBe("");
  await eventually(() => px.downstream["downstream_cx_max_duration_reached"] === 2);
});
