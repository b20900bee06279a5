import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { request as httpsRequest } from "node:https";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DownstreamContext } from "../../../src/proxy/tls/downstream";
import { systemSecretIo } from "../../../src/proxy/tls/secrets";
import { UpstreamContext } from "../../../src/proxy/tls/upstream";
import { TestCa, temporaryDirectory, type Issued } from "../support/certs";
import { eventually } from "../support/client";
import { clusterConfig, forward, route, TestProxy } from "../support/proxy";

const id = "spiffe://example.org/a";
const directory = temporaryDirectory();
const io = systemSecretIo(() => undefined);
let ca: TestCa;
let own: Issued;
beforeAll(async () => {
  ca = await TestCa.create();
  own = await ca.svid(id, directory.path);
});
afterAll(() => directory.remove());

const digest = (data: Buffer): string => createHash("sha256").update(data).digest("hex");

/** Settings of both sides: the one identity, shown and expected. */
function settings() {
  const [certificate, privateKey] = ["identity.pem", "identity.key"].map((f) => ({
    filename: join(directory.path, f),
  }));
  if (certificate === undefined || privateKey === undefined) throw new Error("no files");
  const validation = { trustDomains: [{ name: "example.org", bundle: { inline: ca.pem } }], sans: [] };
  return { key: "k", keyPair: { certificate, privateKey }, alpn: [], cipherSuites: [], validation };
}

/** An application that gives back what it gets, reading and writing in fits and starts. */
async function echo(secure: boolean): Promise<{ port: number; close(): Promise<void> }> {
  const serve: Parameters<typeof createServer>[1] = (incoming, outgoing) => {
    void (async () => {
      const pieces: Buffer[] = [];
      for await (const piece of incoming) {
        pieces.push(piece as Buffer);
        if (pieces.length % 16 === 0) await sleep(1);
      }
      const body = Buffer.concat(pieces);
      outgoing.writeHead(200, { "content-length": body.length });
      for (let at = 0; at < body.length; at += 50_000) {
        outgoing.write(body.subarray(at, at + 50_000));
        if ((at / 50_000) % 8 === 0) await sleep(1);
      }
      outgoing.end();
    })();
  };
  const server = secure ? createSecureServer({ cert: own.cert, key: own.key }, serve) : createServer(serve);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}

/** Sends a body and reads the answer slowly. */
function send(port: number, body: Buffer, chunked: boolean): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { port, host: "127.0.0.1", method: "POST", rejectUnauthorized: false, agent: false as const };
    const fields = chunked ? { "transfer-encoding": "chunked" } : { "content-length": body.length };
    const request = httpsRequest({ ...options, headers: fields, cert: own.cert, key: own.key }, (incoming) => {
      void (async () => {
        const pieces: Buffer[] = [];
        for await (const piece of incoming) {
          pieces.push(piece as Buffer);
          if (pieces.length % 8 === 0) await sleep(1);
        }
        resolve(Buffer.concat(pieces));
      })().catch(reject);
    });
    request.on("error", reject);
    for (let at = 0; at < body.length; at += 70_001) request.write(body.subarray(at, at + 70_001));
    request.end();
  });
}

// All secured sockets read into one buffer: what one is lent must not turn up in what another is sent.
test.each([
  ["plain text above", false],
  ["TLS above too", true],
])("bodies of many sizes, at once and against slow readers, come back as they were: %s", async (_name, secure) => {
  const app = await echo(secure);
  const down = new DownstreamContext({ ...settings(), requireClientCertificate: true }, io);
  const up = secure ? new UpstreamContext({ ...settings(), sni: "" }, io) : undefined;
  const px = await TestProxy.start({
    clusters: [clusterConfig("up", [app.port], { tls: up })],
    routes: [route(forward("up"))],
    chain: { tls: down },
    http: { bufferLimit: 64 * 1024 },
  });
  const sizes = [1, 100, 16_383, 16_384, 16_385, 65_536, 300_000, 1_000_000];
  const bodies = [...sizes, ...sizes].map((size) => randomBytes(size));
  const back = await Promise.all(bodies.map((body, i) => send(px.port, body, i >= sizes.length)));
  expect(back.map(digest)).toEqual(bodies.map(digest));
  await eventually(
    () => px.gauges().length === 0,
    () => px.gauges().join(" "),
  );
  px.close();
  await app.close();
  down.close();
  up?.close();
});
