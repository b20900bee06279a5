import { once } from "node:events";
import { connect as dial, createServer as createTcp, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect, createServer, type TLSSocket } from "node:tls";
import { DownstreamContext } from "../../src/proxy/tls/downstream";
import { systemSecretIo } from "../../src/proxy/tls/secrets";
import { UpstreamContext } from "../../src/proxy/tls/upstream";
import { TestCa, temporaryDirectory, type Issued } from "../proxy/support/certs";
import { eventually, RawClient } from "../proxy/support/client";
import { clusterConfig, forward, route, TestProxy } from "../proxy/support/proxy";
import { response } from "../proxy/support/upstream";

const get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const directory = temporaryDirectory();
const io = systemSecretIo(() => undefined);
let own: Issued;
let px: TestProxy;
let ca: TestCa;
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  ca = await TestCa.create();
  own = await ca.svid("spiffe://example.org/a", directory.path);
});
afterAll(() => directory.remove());
afterEach(async () => {
  try {
    // Whatever was broken: at rest nothing is in flight, and no connection is left.
    await eventually(
      () => px.gauges().length === 0 && listenerActive() === 0,
      () => `${px.gauges().join(" ")} ${listenerActive()}`,
    );
  } finally {
    for (const close of closers.splice(0).reverse()) await close();
  }
});
const listenerActive = (): number => [...px.worker.listeners()][0]?.stats.downstream_cx_active ?? -1;

function settings() {
  const files = { certificate: "identity.pem", privateKey: "identity.key" };
  const keyPair = {
    certificate: { filename: join(directory.path, files.certificate) },
    privateKey: { filename: join(directory.path, files.privateKey) },
  };
  const validation = { trustDomains: [{ name: "example.org", bundle: { inline: ca.pem } }], sans: [] };
  return { key: "k", keyPair, alpn: [], cipherSuites: [], validation };
}

/** A proxy with TLS on both sides, before a server of TLS that does as it is told with each request. */
async function start(serve: (socket: TLSSocket) => void, upstreamPort?: number): Promise<void> {
  const sockets = new Set<Socket>();
  const server = createServer({ cert: own.cert, key: own.key }, (socket) => {
    socket.on("error", () => undefined).on("data", () => serve(socket));
  });
  server.on("connection", (socket) => sockets.add(socket)).on("tlsClientError", () => undefined);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const down = new DownstreamContext({ ...settings(), requireClientCertificate: true, handshakeTimeoutMs: 300 }, io);
  const up = new UpstreamContext({ ...settings(), sni: "" }, io);
  const port = upstreamPort ?? (server.address() as AddressInfo).port;
  px = await TestProxy.start({
    clusters: [clusterConfig("up", [port], { tls: up, connectTimeout: 300 })],
    routes: [route(forward("up", { timeout: 1000 }))],
    chain: { tls: down },
  });
  closers.push(
    () => void server.close(),
    () => sockets.forEach((socket) => socket.destroy()),
    () => px.close(),
    () => down.close(),
    () => up.close(),
  );
}

async function client(port = px.port): Promise<{ readonly raw: RawClient; readonly tcp: Socket }> {
  const { socket: tcp } = await RawClient.open(port);
  const socket = connect({ socket: tcp, cert: own.cert, key: own.key, rejectUnauthorized: false });
  const raw = RawClient.of(socket);
  await once(socket, "secureConnect");
  return { raw, tcp };
}

async function stillServes(): Promise<void> {
  const { raw } = await client();
  await raw.send(get).until("fine");
  raw.close();
}
const fine = (socket: TLSSocket): void => void socket.write(response("fine"));

/** The first flight of a client, taken from a real one. */
async function clientHello(): Promise<Buffer> {
  const listening = createTcp();
  await once(listening.listen(0, "127.0.0.1"), "listening");
  const hello = new Promise<Buffer>((resolve) =>
    listening.once("connection", (socket: Socket) => socket.once("data", resolve).on("error", () => undefined)),
  );
  const socket = connect({ port: (listening.address() as AddressInfo).port, rejectUnauthorized: false });
  socket.on("error", () => undefined);
  const bytes = await hello;
  socket.destroy();
  listening.close();
  return bytes;
}

describe("a client's handshake that ends early", () => {
  const ends = ["RST", "FIN", "silence"] as const;
  test.each(ends.flatMap((how) => [0, 1, 5, 100, 1000].map((at) => [how, at] as const)))(
    "%s after %i bytes",
    async (how, at) => {
      await start(fine);
      const hello = await clientHello();
      const { socket } = await RawClient.open(px.port, true);
      socket.write(hello.subarray(0, Math.min(at, hello.length)));
      await sleep(10);
      if (how === "RST") socket.resetAndDestroy();
      else if (how === "FIN") socket.end();
      await eventually(() => listenerActive() === 0);
      await stillServes();
      socket.destroy();
    },
  );

  test.each([
    ["plain text", Buffer.from(get)],
    ["a record of no known type", Buffer.from([0x16, 3, 1, 0, 5, 99, 0, 0, 1, 0])],
    ["a record that is too long", Buffer.from([0x16, 3, 1, 0xff, 0xff, ...Buffer.alloc(1000)])],
    ["an alert", Buffer.from([0x15, 3, 1, 0, 2, 2, 40])],
    ["zeros", Buffer.alloc(4096)],
  ])("%s in its place gets no byte of HTTP", async (_name, bytes) => {
    await start(fine);
    const raw = await RawClient.open(px.port);
    raw.socket.write(bytes);
    expect(await raw.untilClosed()).not.toContain("HTTP");
    await stillServes();
  });
});

test("a record that somebody puts in on the way ends the connection, and is taken for no request", async () => {
  await start(fine);
  let inject: (bytes: Buffer) => void = () => undefined;
  const relay = createTcp((near) => {
    const far = dial(px.port, "127.0.0.1");
    inject = (bytes) => far.write(bytes);
    near.pipe(far).on("error", () => near.destroy());
    far.pipe(near).on("error", () => far.destroy());
  });
  await once(relay.listen(0, "127.0.0.1"), "listening");
  closers.push(() => void relay.close());
  const { raw } = await client((relay.address() as AddressInfo).port);
  await raw.send(get).until("fine");
  // No key of the connection made these.
  inject(Buffer.from([0x17, 3, 3, 0, 32, ...Buffer.alloc(32, 7)]));
  await raw.untilClosed();
  expect(px.downstream["downstream_rq_total"]).toBe(1);
  await stillServes();
});

test.each(["RST", "FIN"] as const)("a client that goes by %s while its answer comes", async (how) => {
  await start((socket) => void socket.write("HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\nbegin"));
  const { raw, tcp } = await client();
  await raw.send(get).until("begin");
  if (how === "RST") tcp.resetAndDestroy();
  else tcp.destroy();
  await eventually(() => px.cluster().stats["upstream_rq_active"] === 0);
});

describe("an upstream", () => {
  test.each(["RST", "FIN", "silence"] as const)("that ends the handshake by %s costs a 503", async (how) => {
    const broken = createTcp((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => {
        if (how === "RST") socket.resetAndDestroy();
        else if (how === "FIN") socket.end();
      });
    });
    await once(broken.listen(0, "127.0.0.1"), "listening");
    closers.push(() => void broken.close());
    await start(fine, (broken.address() as AddressInfo).port);
    const { raw } = await client();
    expect(await raw.send(get).until("\r\n\r\n")).toMatch(/^HTTP\/1\.1 503 /);
    expect(px.log[0]).toMatchObject({ flags: "UF" });
    raw.close();
  });

  test.each([
    ["before its answer", "", 503],
    ["in its head", "HTTP/1.1 200 OK\r\ncontent-", 503],
    ["in its body", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", 200],
    ["between chunks", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n", 200],
  ])("that goes %s never has its part taken for the whole", async (_name, said, status) => {
    await start((socket) => {
      socket.write(said);
      setTimeout(() => socket.destroy(), 20);
    });
    const { raw } = await client();
    raw.send(get);
    await eventually(() => px.log.length === 1);
    expect(px.log[0]).toMatchObject({ status });
    if (status === 200) {
      await raw.untilClosed();
      expect(raw.received).not.toContain("0\r\n\r\n");
    } else await raw.until("reset before headers");
    raw.close();
  });
});
