import { createServer, connect as connectPlain, type AddressInfo, type Server, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from "node:tls";
import type { PeerIdentity } from "../../../src/proxy/core/security";
import { DownstreamContext } from "../../../src/proxy/tls/downstream";
import { systemSecretIo } from "../../../src/proxy/tls/secrets";
import type { DownstreamSettings, PeerValidation, UpstreamSettings } from "../../../src/proxy/tls/settings";
import { UpstreamContext } from "../../../src/proxy/tls/upstream";
import { TestCa, temporaryDirectory, type Issued } from "../support/certs";

const serverId = "spiffe://example.org/ns/a/sa/server";
const clientId = "spiffe://example.org/ns/a/sa/client";
const io = systemSecretIo(() => undefined);
const greeting = "secret from the server";

let ca: TestCa;
let stranger: TestCa;
let server: Issued;
let client: Issued;
const directory = temporaryDirectory();
const cleanups: (() => void)[] = [];

beforeAll(async () => {
  ca = await TestCa.create();
  stranger = await TestCa.create("stranger");
  server = await ca.svid(serverId, directory.path);
  client = await ca.svid(clientId);
});
afterEach(() => cleanups.splice(0).forEach((clean) => clean()));
afterAll(() => directory.remove());

function validation(roots = ca.pem, expected?: string): PeerValidation {
  const sans = expected === undefined ? [] : [{ type: "URI" as const, test: (san: string) => san === expected }];
  return { trustDomains: [{ name: "example.org", bundle: { inline: roots } }], sans };
}

function downstreamSettings(changes: Partial<DownstreamSettings> = {}): DownstreamSettings {
  const keyPair = { certificate: { filename: server.certFile }, privateKey: { filename: server.keyFile } };
  const rest = { key: "k", alpn: ["http/1.1"], cipherSuites: [], requireClientCertificate: true };
  return { ...rest, keyPair, validation: validation(), ...changes };
}

interface Listening {
  readonly port: number;
  /** What each accepted connection came to, in order. */
  next(): Promise<{ error?: Error; peer?: PeerIdentity; local?: PeerIdentity }>;
}

/** Accepts by the context, greets each client that was let in. */
async function listen(context: DownstreamContext, before?: (raw: Socket, go: () => void) => void): Promise<Listening> {
  const outcomes: { error?: Error; peer?: PeerIdentity; local?: PeerIdentity }[] = [];
  const waiting: ((outcome: (typeof outcomes)[number]) => void)[] = [];
  const accept = (raw: Socket) =>
    context.accept(raw, (error, socket, peer, local) => {
      socket?.on("error", () => undefined).end(greeting);
      const outcome = { error, peer, local };
      const next = waiting.shift();
      if (next) next(outcome);
      else outcomes.push(outcome);
    });
  const accepted = new Set<Socket>();
  const listener: Server = createServer({ pauseOnConnect: true }, (raw) => {
    accepted.add(raw);
    raw.on("error", () => undefined);
    if (before) before(raw, () => accept(raw));
    else accept(raw);
  });
  await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
  cleanups.push(
    () => listener.close(),
    () => accepted.forEach((raw) => raw.destroy()),
    () => context.close(),
  );
  return {
    port: (listener.address() as AddressInfo).port,
    next: () => {
      const outcome = outcomes.shift();
      return outcome ? Promise.resolve(outcome) : new Promise((done) => waiting.push(done));
    },
  };
}

/** All application bytes that a client gets until the connection ends. */
function receive(port: number, options: ConnectionOptions): Promise<string> {
  return new Promise((done) => {
    let text = "";
    const socket = connectTls({ host: "127.0.0.1", port, rejectUnauthorized: false, ...options });
    socket.on("data", (data) => (text += data.toString()));
    socket.on("error", () => undefined);
    socket.on("close", () => done(text));
    cleanups.push(() => void socket.destroy());
  });
}

describe("a server that requires a certificate", () => {
  test("serves a verified client and knows both identities", async () => {
    const listening = await listen(new DownstreamContext(downstreamSettings(), io));
    expect(await receive(listening.port, { cert: client.cert, key: client.key })).toBe(greeting);
    const { error, peer, local } = await listening.next();
    expect(error).toBeUndefined();
    expect(peer?.uriSans).toEqual([clientId]);
    expect(local?.uriSans).toEqual([serverId]);
  });

  const odd: [string, () => Promise<Issued | undefined>][] = [
    ["without a certificate", async () => undefined],
    ["of an unknown CA", () => stranger.svid(clientId)],
    ["with two URI SANs", () => ca.leaf({ uris: [clientId, `${clientId}2`] })],
    ["whose leaf is a CA", () => ca.leaf({ uris: [clientId], ca: true })],
    ["of another trust domain", () => ca.svid("spiffe://other.example/a")],
    ["whose certificate expired", () => ca.svid(clientId, undefined, { notAfter: new Date(Date.now() - 1000) })],
    ["that is no SPIFFE workload", () => ca.leaf({ dns: ["client"] })],
  ];
  test.each(odd)("gives a client %s no byte, under TLS 1.2 and 1.3", async (_name, issue) => {
    const listening = await listen(new DownstreamContext(downstreamSettings(), io));
    const issued = await issue();
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const credentials = issued ? { cert: issued.cert, key: issued.key } : {};
      const options = { ...credentials, minVersion: version, maxVersion: version };
      expect(await receive(listening.port, options)).toBe("");
      expect((await listening.next()).error?.message).toBeTruthy();
    }
  });

  test("one trust domain's root cannot sign for another", async () => {
    const trustDomains = [
      { name: "example.org", bundle: { inline: ca.pem } },
      { name: "other.example", bundle: { inline: stranger.pem } },
    ];
    const settings = downstreamSettings({ validation: { trustDomains, sans: [] } });
    const listening = await listen(new DownstreamContext(settings, io));
    const forged = await stranger.svid(clientId);
    expect(await receive(listening.port, { cert: forged.cert, key: forged.key })).toBe("");
    expect((await listening.next()).error?.message).toMatch(/example.org/);
    const own = await stranger.svid("spiffe://other.example/a");
    expect(await receive(listening.port, { cert: own.cert, key: own.key })).toBe(greeting);
  });

  test("refuses a verified client whose name is not an expected one", async () => {
    const settings = downstreamSettings({ validation: validation(ca.pem, "spiffe://example.org/ns/a/sa/other") });
    const listening = await listen(new DownstreamContext(settings, io));
    expect(await receive(listening.port, { cert: client.cert, key: client.key })).toBe("");
  });

  test("takes bytes that were peeked and put back, one by one", async () => {
    const listening = await listen(new DownstreamContext(downstreamSettings(), io), (raw, go) => {
      raw.once("readable", () => {
        const seen = raw.read() as Buffer;
        raw.unshift(seen.subarray(1));
        raw.unshift(seen.subarray(0, 1));
        go();
      });
    });
    expect(await receive(listening.port, { cert: client.cert, key: client.key })).toBe(greeting);
  });

  test("reports a client that is no TLS client, or leaves in the middle", async () => {
    const listening = await listen(new DownstreamContext(downstreamSettings(), io));
    const plain = connectPlain(listening.port, "127.0.0.1", () => plain.end("GET / HTTP/1.1\r\n\r\n"));
    plain.on("error", () => undefined);
    expect((await listening.next()).error?.message).toBeTruthy();
    const leaver = connectPlain(listening.port, "127.0.0.1", () => leaver.destroy());
    expect((await listening.next()).error?.message).toBeTruthy();
  });

  test("resumes no session, so each connection proves its identity anew", async () => {
    const listening = await listen(new DownstreamContext(downstreamSettings(), io));
    const once = (session?: Buffer) =>
      new Promise<{ session: Buffer | undefined; reused: boolean }>((done) => {
        const options = { cert: client.cert, key: client.key, rejectUnauthorized: false, session };
        const socket = connectTls({ host: "127.0.0.1", port: listening.port, ...options });
        let kept: Buffer | undefined;
        let reused = true;
        socket.on("secureConnect", () => (reused = socket.isSessionReused()));
        socket.on("session", (s) => (kept = s));
        socket.on("error", () => undefined).resume();
        socket.on("close", () => done({ session: kept, reused }));
      });
    const first = await once();
    expect((await once(first.session)).reused).toBe(false);
  });
});

test("where a certificate is optional, none is let in without identity, a bad one is refused", async () => {
  const context = new DownstreamContext(downstreamSettings({ requireClientCertificate: false }), io);
  const listening = await listen(context);
  expect(await receive(listening.port, {})).toBe(greeting);
  expect((await listening.next()).peer).toBeUndefined();
  const bad = await stranger.svid(clientId);
  expect(await receive(listening.port, { cert: bad.cert, key: bad.key })).toBe("");
});

describe("a client", () => {
  function upstreamSettings(changes: Partial<UpstreamSettings> = {}): UpstreamSettings {
    const keyPair = { certificate: { inline: client.cert }, privateKey: { inline: client.key } };
    const rest = { key: "u", alpn: ["http/1.1"], cipherSuites: [], sni: "server.mesh" };
    return { ...rest, keyPair, validation: validation(ca.pem, serverId), ...changes };
  }

  function dial(settings: UpstreamSettings, port: number) {
    const context = new UpstreamContext(settings, io);
    cleanups.push(() => context.close());
    return new Promise<{ error?: Error; socket?: TLSSocket; peer?: PeerIdentity }>((done) => {
      const socket = context.connect("127.0.0.1", port, (error, secured, peer) =>
        done({ error, socket: secured, peer }),
      );
      cleanups.push(() => void socket.destroy());
    });
  }

  test("connects to the server that it expects, sends the name, and knows the identity", async () => {
    const listening = await listen(new DownstreamContext(downstreamSettings(), io));
    const { error, socket, peer } = await dial(upstreamSettings(), listening.port);
    expect(error).toBeUndefined();
    expect(peer?.uriSans).toEqual([serverId]);
    expect(socket?.servername).toBe("server.mesh");
    expect(socket?.alpnProtocol).toBe("http/1.1");
  });

  test("never sends an address as server name", async () => {
    const listening = await listen(new DownstreamContext(downstreamSettings(), io));
    const { error } = await dial(upstreamSettings({ sni: "127.0.0.1" }), listening.port);
    expect(error).toBeUndefined();
  });

  test("refuses a server with another identity, or of an unknown CA", async () => {
    const listening = await listen(new DownstreamContext(downstreamSettings(), io));
    const another = { validation: validation(ca.pem, "spiffe://example.org/ns/a/sa/another") };
    expect((await dial(upstreamSettings(another), listening.port)).error?.message).toMatch(/not? .*expected/);
    const unknown = { validation: validation(stranger.pem, serverId) };
    expect((await dial(upstreamSettings(unknown), listening.port)).error?.message).toBeTruthy();
  });

  test("learns of a closed port and of a server that hangs up", async () => {
    const hangUp = createServer((socket) => socket.destroy());
    await new Promise<void>((done) => hangUp.listen(0, "127.0.0.1", done));
    const { port } = hangUp.address() as AddressInfo;
    expect((await dial(upstreamSettings(), port)).error?.message).toBeTruthy();
    await new Promise((done) => hangUp.close(done));
    expect((await dial(upstreamSettings(), port)).error?.message).toBeTruthy();
  });
});
