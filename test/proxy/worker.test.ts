import type { ListenerConfig } from "../../src/proxy/worker-config";
import { anyConnection } from "../../src/proxy/net/chain-match";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { connect as tlsConnect, type TLSSocket } from "node:tls";
import { ClusterChoice } from "../../src/proxy/routing/action";
import { DownstreamContext } from "../../src/proxy/tls/downstream";
import { systemSecretIo } from "../../src/proxy/tls/secrets";
import { UpstreamContext } from "../../src/proxy/tls/upstream";
import { eventually, RawClient } from "./support/client";
import { TestCa, temporaryDirectory } from "./support/certs";
import { clusterConfig, outlierConfig, forward, route, TestProxy } from "./support/proxy";
import { FakeRuntime } from "./support/time";
import { answering, RawUpstream, response } from "./support/upstream";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function upstream(...args: Parameters<typeof RawUpstream.start>): Promise<RawUpstream> {
  const made = await RawUpstream.start(...args);
  closers.push(() => made.close());
  return made;
}
async function proxy(...args: Parameters<typeof TestProxy.start>): Promise<TestProxy> {
  const made = await TestProxy.start(...args);
  closers.push(() => made.close());
  return made;
}
const get = (path = "/"): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;

describe("a configuration is swapped", () => {
  test("weights move for connections that live, none is closed, and unchanged clusters keep theirs", async () => {
    const [one, two] = [await upstream(answering("one")), await upstream(answering("two"))];
    const clusters = [clusterConfig("one", [one.port]), clusterConfig("two", [two.port])];
    const weighted = (a: number, b: number) => ({
      clusters,
      routes: [
        route(
          forward("", {
            clusters: new ClusterChoice([
              { name: "one", weight: a },
              { name: "two", weight: b },
            ]),
          }),
        ),
      ],
    });
    const px = await proxy(weighted(100, 0));
    const client = await px.client();
    await client.send(get()).until("one");
    await px.apply(weighted(0, 100));
    client.received = "";
    await client.send(get()).until("two");
    await px.apply(weighted(100, 0));
    client.received = "";
    await client.send(get()).until("one");
    expect([one.connections, two.connections]).toEqual([1, 1]);
    expect(px.downstream["downstream_cx_total"]).toBe(1);
    client.close();
  });

  test("the same again closes nothing; a removed host ends its idle connections and finishes what runs", async () => {
    const slow = await upstream((_received, socket) => void setTimeout(() => socket.write(response("slow")), 60));
    const quick = await upstream(answering("quick"));
    const spec = (ports: number[]) => ({ clusters: [clusterConfig("up", ports)], routes: [route(forward("up"))] });
    const px = await proxy(spec([slow.port]));
    const client = await px.client();
    await client.send(get()).until("slow");
    await px.apply(spec([slow.port]));
    client.received = "";
    await client.send(get()).until("slow");
    expect(slow.connections).toBe(1);
    client.received = "";
    client.send(get());
    await eventually(() => slow.received[0]?.split("GET").length === 4);
    await px.apply(spec([quick.port]));
    await client.until("slow");
    await eventually(() => slow.sockets.size === 0);
    client.received = "";
    await client.send(get()).until("quick");
    client.close();
  });

  test("a cluster that is gone while its request backs off or runs leaves no trace", async () => {
    const up = await upstream((_received, socket) => void setTimeout(() => socket.write(response("end")), 40));
    const px = await proxy({ clusters: [clusterConfig("up", [up.port])], routes: [route(forward("up"))] });
    const client = await px.client();
    client.send(get());
    await eventually(() => up.received[0]?.includes("GET") === true);
    await px.apply({ clusters: [], routes: [route({ kind: "direct", status: 200, body: "new" })] });
    await client.until("end");
    client.received = "";
    await client.send(get()).until("new");
    expect(px.gauges()).toEqual([]);
    client.close();
  });

  test("a port that is taken leaves the old configuration in force", async () => {
    const taken = await upstream(() => undefined);
    const px = await proxy({ clusters: [], routes: [route({ kind: "direct", status: 200, body: "old" })] });
    const bad: ListenerConfig = {
      name: "x",
      address: "127.0.0.1",
      port: taken.port,
      inspects: "nothing",
      inspectTimeout: 0,
      servesLate: false,
      chains: [],
      defaultChain: undefined,
    };
    await expect(px.worker.apply({ clusters: [], listeners: [bad] }, {})).rejects.toThrow("EADDRINUSE");
    const client = await px.client();
    await client.send(get()).until("old");
    client.close();
  });
});

test("draining: what runs is finished with `connection: close`, idle connections close, the port closes", async () => {
  const up = await upstream((_received, socket) => void setTimeout(() => socket.write(response("late")), 60));
  const px = await proxy({ clusters: [clusterConfig("up", [up.port])], routes: [route(forward("up"))] });
  const { port } = px;
  const [busy, idle] = [await px.client(), await px.client()];
  busy.send(get());
  await eventually(() => up.received[0]?.includes("GET") === true);
  const drained = px.worker.drain(0, 5000);
  expect(px.worker.state).toBe("DRAINING");
  await idle.untilClosed();
  expect(await busy.untilClosed()).toMatch(/connection: close\r\n.*late/s);
  await drained;
  await expect(RawClient.open(port)).rejects.toThrow("ECONNREFUSED");
});

describe("circuit breakers and outliers", () => {
  test("what exceeds connections and pending requests is answered 503 with x-envoy-overloaded", async () => {
    const up = await upstream(() => undefined);
    const limits = { maxConnections: 1, maxPendingRequests: 1, maxRequests: 99, maxRetries: 1 };
    const px = await proxy({ clusters: [clusterConfig("up", [up.port], { limits })], routes: [route(forward("up"))] });
    const clients = [await px.client(), await px.client(), await px.client()];
    for (const client of clients) {
      client.send(get());
      await eventually(() => px.downstream["downstream_rq_total"] === clients.indexOf(client) + 1);
      // While the first has no connection yet, it is the one that waits.
      await eventually(() => up.received[0]?.includes("GET") === true);
    }
    const [first, second, third] = clients;
    expect(await third?.until("\r\n\r\n")).toMatch(/^HTTP\/1\.1 503 .*x-envoy-overloaded: true/s);
    up.script = answering("ok");
    for (const socket of up.sockets) socket.write(response("ok"));
    for (const client of [first, second]) expect(await client?.until("\r\n\r\n")).toMatch(/^HTTP\/1\.1 200 /);
    expect(px.log.find((l) => l.status === 503)).toMatchObject({ flags: "UO" });
    expect(up.connections).toBe(1);
    for (const client of clients) client.close();
    await eventually(() => px.gauges().length === 0);
  });

  test("five 5xx in a row eject a host; below the panic threshold all are used; the sweep brings it back", async () => {
    const bad = await upstream((_received, socket) => void socket.write(response("bad", "HTTP/1.1 500 X")));
    const [good, other] = [await upstream(answering("good")), await upstream(answering("good"))];
    const outlier = outlierConfig({ maxEjectionPercent: 50 });
    const runtime = new FakeRuntime();
    const px = await proxy(
      {
        clusters: [clusterConfig("up", [bad.port, good.port, other.port], { outlier })],
        routes: [route(forward("up"))],
      },
      { runtime },
    );
    const client = await px.client();
    const ask = async (): Promise<string> => {
      client.received = "";
      return client.send(get()).until(/bad|good/);
    };
    for (let i = 0; i < 15; i++) await ask();
    expect(px.cluster().stats).toMatchObject({
      outlier_detection_ejections_active: 1,
      outlier_detection_ejections_enforced_consecutive_5xx: 1,
    });
    for (let i = 0; i < 6; i++) expect(await ask()).toContain("good");
    runtime.advance(29_000);
    expect(px.cluster().stats["outlier_detection_ejections_active"]).toBe(1);
    runtime.advance(11_100);
    expect(px.cluster().stats["outlier_detection_ejections_active"]).toBe(0);
    const after = [await ask(), await ask(), await ask()].join("");
    expect(after).toContain("bad");
    client.close();
  });
});

test("more hosts than connections may stand: idle ones make room, and no request fails", async () => {
  const ups = await Promise.all(Array.from({ length: 12 }, () => upstream(answering("ok"))));
  const ports = ups.map(({ port }) => port);
  const px = await proxy(
    { clusters: [clusterConfig("up", ports)], routes: [route(forward("up"))] },
    { connectionLimit: 4 },
  );
  const clients = await Promise.all([px.client(), px.client(), px.client()]);
  for (let round = 0; round < 8; round++) {
    for (const client of clients) {
      client.received = "";
      client.send(get());
    }
    for (const client of clients) expect(await client.until("ok")).toMatch(/^HTTP\/1\.1 200 /);
    expect(px.cluster().stats["upstream_cx_active"]).toBeLessThanOrEqual(4);
  }
  expect(px.cluster().stats["upstream_cx_total"]).toBeGreaterThan(12);
  for (const client of clients) client.close();
});

describe("mTLS with SPIFFE identities, both ways", () => {
  const domain = "example.org";
  const [caller, server] = [`spiffe://${domain}/ns/a/sa/caller`, `spiffe://${domain}/ns/a/sa/server`];

  async function identities(wanted = server) {
    const ca = await TestCa.create();
    const [own, peer] = [temporaryDirectory(), temporaryDirectory()];
    closers.push(own.remove, peer.remove);
    await ca.svid(server, own.path);
    await ca.svid(caller, peer.path);
    for (const { path } of [own, peer]) writeFileSync(join(path, "roots.pem"), ca.pem);
    const settings = (path: string, expected: string) => ({
      key: path,
      keyPair: {
        certificate: { filename: join(path, "identity.pem") },
        privateKey: { filename: join(path, "identity.key") },
      },
      alpn: ["http/1.1"],
      cipherSuites: [],
      validation: {
        trustDomains: [{ name: domain, bundle: { filename: join(path, "roots.pem") } }],
        sans: [{ type: "URI" as const, test: (value: string) => value === expected }],
      },
    });
    const io = systemSecretIo(() => undefined);
    const down = new DownstreamContext({ ...settings(own.path, caller), requireClientCertificate: true }, io);
    const up = new UpstreamContext({ ...settings(peer.path, wanted), sni: "" }, io);
    closers.push(
      () => down.close(),
      () => up.close(),
    );
    return { ca, down, up };
  }

  test("two proxies speak over it; the application learns who called, and a client's own claim is dropped", async () => {
    const { down, up } = await identities();
    const app = await upstream(answering("ok"));
    const inbound = await proxy({
      clusters: [clusterConfig("app", [app.port])],
      routes: [route(forward("app"))],
      chain: { tls: down },
      http: { forwardClientCert: "SANITIZE_SET" },
    });
    const outbound = await proxy({
      clusters: [clusterConfig("up", [inbound.port], { tls: up })],
      routes: [route(forward("up"))],
    });
    const client = await outbound.client();
    client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-Client-Cert: URI=spiffe://evil\r\n\r\n");
    await client.until("ok");
    client.received = "";
    await client.send(get()).until("ok");
    expect(app.received[0]).toContain(`URI=${caller}`);
    expect(app.received[0]).toContain(`By=${server}`);
    expect(app.received[0]).not.toContain("evil");
    expect(inbound.downstream["downstream_cx_ssl_total"]).toBe(1);
    client.close();
  });

  test("a client that ends its half of a TLS connection loses no answer", async () => {
    const { ca, down } = await identities();
    const app = await upstream((_received, socket) => void setTimeout(() => socket.write(response("late")), 40));
    const inbound = await proxy({
      clusters: [clusterConfig("app", [app.port])],
      routes: [route(forward("app"))],
      chain: { tls: down },
    });
    const { path, remove } = temporaryDirectory();
    closers.push(remove);
    await ca.svid(caller, path);
    const socket = tlsConnect({
      socket: connect({ port: inbound.port, host: "127.0.0.1", allowHalfOpen: true }),
      cert: readFileSync(join(path, "identity.pem")),
      key: readFileSync(join(path, "identity.key")),
      ca: ca.pem,
      checkServerIdentity: () => undefined,
    });
    const client = RawClient.of(socket);
    client.send(get());
    socket.end();
    expect(await client.until("late")).toContain("200 OK");
    await client.untilClosed();
    client.close();
  });

  test("plain text, no certificate and an unknown CA get no byte of HTTP", async () => {
    const { down } = await identities();
    const app = await upstream(answering("ok"));
    const inbound = await proxy({
      clusters: [clusterConfig("app", [app.port])],
      routes: [route(forward("app"))],
      chain: { tls: down },
    });
    const plain = await inbound.client();
    expect(await plain.send(get()).untilClosed()).not.toContain("HTTP");
    const stranger = await (await TestCa.create("stranger")).svid(caller);
    for (const identity of [{}, { cert: stranger.cert, key: stranger.key }]) {
      const socket: TLSSocket = tlsConnect({ port: inbound.port, rejectUnauthorized: false, ...identity });
      const tls = RawClient.of(socket);
      socket.on("secureConnect", () => socket.write(get()));
      expect(await tls.untilClosed()).toBe("");
    }
    expect(app.connections).toBe(0);
  });

  test("PERMISSIVE: TLS and plain text on one port, each by its own chain", async () => {
    const { down, up } = await identities();
    const app = await upstream(answering("ok"));
    const spec = { clusters: [clusterConfig("app", [app.port])], routes: [route(forward("app"))] };
    const tlsOnly = await proxy({
      ...spec,
      inspects: "transport",
      chain: { tls: down, match: { ...anyConnection, transport: "tls" } },
    });
    const plain = await tlsOnly.client();
    expect(await plain.send(get()).untilClosed()).toBe("");
    const outbound = await proxy({
      clusters: [clusterConfig("up", [tlsOnly.port], { tls: up })],
      routes: [route(forward("up"))],
    });
    const client = await outbound.client();
    await client.send(get()).until("ok");
    client.close();
    const plainToo = await proxy({
      ...spec,
      inspects: "transport",
      chain: { match: { ...anyConnection, transport: "raw_buffer" } },
    });
    const slow = await plainToo.client();
    slow.send("G");
    await new Promise((resolve) => setTimeout(resolve, 20));
    await slow.send(get().slice(1)).until("ok");
    slow.close();
  });

  test("a server with another identity than the cluster wants gets no request", async () => {
    const { down, up } = await identities(`spiffe://${domain}/ns/a/sa/other`);
    const inbound = await proxy({ clusters: [], routes: [], chain: { tls: down } });
    const outbound = await proxy({
      clusters: [clusterConfig("up", [inbound.port], { tls: up })],
      routes: [route(forward("up"))],
    });
    const client = await outbound.client();
    expect(await client.send(get()).until("connection failure")).toMatch(/^HTTP\/1\.1 503 /);
    expect(outbound.log[0]).toMatchObject({ flags: "UF" });
    expect(inbound.downstream["downstream_rq_total"]).toBe(0);
    client.close();
  });
});
