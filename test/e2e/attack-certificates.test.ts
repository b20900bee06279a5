import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer, type ConnectionOptions, type Server } from "node:tls";
import { ExtendedKeyUsage, type Issued, type LeafOptions, TestCa } from "../proxy/support/certs";
import { RawClient } from "../proxy/support/client";
import { answering, RawUpstream, response } from "../proxy/support/upstream";
import { type Engine, startBundled, startEnvoy } from "./differential/engines";
import { describePart } from "./support/parts";

const type = (name: string): object => ({ "@type": `type.googleapis.com/envoy.${name}` });
const address = (port_value: number): object => ({ socket_address: { address: "127.0.0.1", port_value } });
const domain = "shop.example";
const [caller, serverId] = [`spiffe://${domain}/caller`, `spiffe://${domain}/server`];
const past = new Date(Date.now() - 60_000);
const future = new Date(Date.now() + 3_600_000);

/** Certificates by what is odd about them. The names are unusual where what is written of them might differ. */
const leaves: Readonly<Record<string, LeafOptions>> = {
  good: { uris: [caller], dns: ["caller.example"], subject: "CN=caller" },
  "two names": { uris: [caller, `${caller}/2`], dns: ["a.example", "b.example"], subject: "CN=two" },
  "names of DNS alone": { dns: ["caller.example"], subject: 'CN="a, \\"b\\" \\\\ c",O=Ö+OU=x' },
  expired: { uris: [caller], notAfter: past },
  "not yet valid": { uris: [caller], notBefore: future, notAfter: new Date(future.getTime() + 60_000) },
  "of another name": { uris: [`spiffe://${domain}/other`] },
  "for servers alone": { uris: [caller], extendedKeyUsage: [ExtendedKeyUsage.serverAuth] },
  "for clients alone": { uris: [caller], extendedKeyUsage: [ExtendedKeyUsage.clientAuth] },
};
const modes = ["SANITIZE", "FORWARD_ONLY", "APPEND_FORWARD", "SANITIZE_SET", "ALWAYS_FORWARD_ONLY"] as const;
const spoofed = "By=spiffe://evil;URI=spiffe://evil";
/** What an upstream of TLS shows, or does. */
const upstreams = [
  "good",
  "expired",
  "not yet valid",
  "of another name",
  "for clients alone",
  "stranger",
  "plain",
] as const;

interface Files {
  readonly certFile: string;
  readonly keyFile: string;
  readonly root: string;
}

const secret = (file: Files): object => ({
  tls_certificates: [{ certificate_chain: { filename: file.certFile }, private_key: { filename: file.keyFile } }],
});
const validation = (root: string, uri: string | undefined): object => ({
  validation_context: {
    trusted_ca: { filename: root },
    ...(uri !== undefined && { match_typed_subject_alt_names: [{ san_type: "URI", matcher: { exact: uri } }] }),
  },
});

function listener(
  name: string,
  log: string,
  own: Files,
  hcm: object,
  uri: string | undefined,
  routes: object[],
): object {
  const logger = {
    name: "file",
    typed_config: {
      ...type("extensions.access_loggers.file.v3.FileAccessLog"),
      path: log,
      log_format: {
        text_format_source: {
          inline_string: "%REQ(:PATH)% %RESPONSE_CODE% %RESPONSE_FLAGS% %UPSTREAM_REQUEST_ATTEMPT_COUNT%\n",
        },
      },
    },
  };
  return {
    name,
    address: address(0),
    filter_chains: [
      {
        filters: [
          {
            name: "http",
            typed_config: {
              ...type("extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
              stat_prefix: name,
              access_log: [logger],
              http_filters: [{ name: "router", typed_config: type("extensions.filters.http.router.v3.Router") }],
              route_config: { name, virtual_hosts: [{ name, domains: ["*"], routes }] },
              ...hcm,
            },
          },
        ],
        ...(name !== "plain" && {
          transport_socket: {
            name: "tls",
            typed_config: {
              ...type("extensions.transport_sockets.tls.v3.DownstreamTlsContext"),
              require_client_certificate: true,
              common_tls_context: { ...secret(own), ...validation(own.root, uri) },
            },
          },
        }),
      },
    ],
  };
}

function bootstrap(log: string, own: Files, app: number, tls: Readonly<Record<string, number>>): unknown {
  writeFileSync(log, "");
  const details = { subject: true, uri: true, dns: true };
  const toApp = [{ match: { prefix: "/" }, route: { cluster: "app" } }];
  const cluster = (name: string, port: number, more: object = {}): object => ({
    name,
    type: "STATIC",
    connect_timeout: "2s",
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address: address(port) } }] }] },
    ...more,
  });
  const secured = {
    transport_socket: {
      name: "tls",
      typed_config: {
        ...type("extensions.transport_sockets.tls.v3.UpstreamTlsContext"),
        common_tls_context: { ...secret(own), ...validation(own.root, caller) },
      },
    },
  };
  return {
    node: { id: "certificates", cluster: "c" },
    admin: { address: address(0) },
    static_resources: {
      listeners: [
        ...modes.map((mode) => {
          const hcm = { forward_client_cert_details: mode, set_current_client_cert_details: details };
          return listener(mode, log, own, hcm, undefined, toApp);
        }),
        listener("judged", log, own, {}, caller, toApp),
        listener(
          "plain",
          log,
          own,
          {},
          undefined,
          upstreams.map((name) => ({ match: { path: `/${name.replaceAll(" ", "-")}` }, route: { cluster: name } })),
        ),
      ],
      clusters: [cluster("app", app), ...upstreams.map((name) => cluster(name, tls[name] ?? 0, secured))],
    },
  };
}

const get = (path: string, ...fields: string[]): string =>
  [`GET ${path} HTTP/1.1`, "host: a", "connection: close", ...fields, "", ""].join("\r\n");

describePart("Certificates beside Envoy", ["envoy"], ({ envoy }) => {
  const dir = mkdtempSync(join(tmpdir(), "meshup-"));
  const issued: Record<string, Issued> = {};
  const servers: (Server | RawUpstream)[] = [];
  const engines: Record<string, Engine> = {};
  const logs: Record<string, string> = {};
  let app: RawUpstream;
  let stranger: Issued;

  beforeAll(async () => {
    const ca = await TestCa.create();
    for (const [name, options] of Object.entries(leaves)) issued[name] = await ca.leaf(options);
    stranger = await (await TestCa.create("stranger")).leaf(leaves["good"] ?? {});
    const server = await ca.svid(serverId, dir);
    const own = { certFile: server.certFile, keyFile: server.keyFile, root: join(dir, "roots.pem") };
    writeFileSync(own.root, ca.pem);
    app = await RawUpstream.start(answering("ok"));
    servers.push(app);
    const tls: Record<string, number> = {};
    for (const name of upstreams) {
      if (name === "plain") {
        const plain = await RawUpstream.start((_received, socket) => void socket.write(response("in the clear")));
        servers.push(plain);
        tls[name] = plain.port;
        continue;
      }
      const { cert, key } = name === "stranger" ? stranger : (issued[name] as Issued);
      const secure = createServer({ cert, key }, (socket) => {
        socket.on("error", () => undefined);
        socket.on("data", () => socket.write(response("ok")));
      });
      secure.on("tlsClientError", () => undefined);
      await new Promise<void>((resolve) => secure.listen(0, "127.0.0.1", resolve));
      servers.push(secure);
      tls[name] = (secure.address() as AddressInfo).port;
    }
    for (const name of ["bundled", "envoy"]) {
      const log = join(dir, `${name}.log`);
      const config = bootstrap(log, own, app.port, tls);
      engines[name] = name === "envoy" ? await startEnvoy(envoy, config, log, dir) : await startBundled(config, log);
    }
  }, 60_000);
  afterAll(async () => {
    for (const [name, engine] of Object.entries(engines)) logs[name] ??= await engine.end();
    for (const server of servers) await (server instanceof RawUpstream ? server.close() : closed(server));
    rmSync(dir, { recursive: true, force: true });
  });

  /** What a client of TLS gets, and what the application was told about it. */
  async function visit(engine: string, listenerName: string, identity: ConnectionOptions, ...fields: string[]) {
    const port = engines[engine]?.ports[listenerName];
    app.received.fill("");
    const socket: Socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false, ...identity });
    const client = RawClient.of(socket);
    socket.on("secureConnect", () => client.send(get("/", ...fields)));
    const text = await client.untilClosed();
    client.close();
    const told = app.received.join("");
    return { status: text.slice(9, 12), told: /^x-forwarded-client-cert: (.*)\r$/im.exec(told)?.[1] };
  }
  const shown = (name: string): ConnectionOptions => ({ cert: issued[name]?.cert, key: issued[name]?.key });

  describe.each(modes)("x-forwarded-client-cert, %s", (mode) => {
    test.each(["good", "two names", "names of DNS alone"])("a client whose certificate has %s", async (name) => {
      for (const fields of [[], [`x-forwarded-client-cert: ${spoofed}`]]) {
        const theirs = await visit("envoy", mode, shown(name), ...fields);
        expect(await visit("bundled", mode, shown(name), ...fields)).toEqual(theirs);
        expect(theirs.status).toBe("200");
      }
    });
  });

  test.each([
    ["good", "200"],
    ["two names", "200"],
    ["names of DNS alone", ""],
    ["expired", ""],
    ["not yet valid", ""],
    ["of another name", ""],
    ["for servers alone", ""],
  ])("a client whose certificate is %s gets %j", async (name, status) => {
    for (const engine of ["bundled", "envoy"])
      expect([engine, (await visit(engine, "judged", shown(name))).status]).toEqual([engine, status]);
  });

  test("a stranger and a client without a certificate get no byte", async () => {
    for (const engine of ["bundled", "envoy"])
      for (const identity of [{}, { cert: stranger.cert, key: stranger.key }])
        expect([engine, (await visit(engine, "judged", identity)).status]).toEqual([engine, ""]);
  });

  test("an upstream that cannot prove who it is gets no request, and the client 503 with UF", async () => {
    for (const engine of ["bundled", "envoy"])
      for (const name of upstreams) {
        const client = await RawClient.open(engines[engine]?.ports["plain"] ?? 0);
        const text = await client.send(get(`/${name.replaceAll(" ", "-")}`)).untilClosed();
        client.close();
        expect([engine, name, text.slice(9, 12)]).toEqual([engine, name, name === "good" ? "200" : "503"]);
        expect(text).not.toContain("in the clear");
      }
    for (const [name, engine] of Object.entries(engines)) logs[name] = await engine.end();
    const lines = (text = ""): string[] => text.split("\n").filter((line) => /^\/\w/.test(line));
    expect(lines(logs["bundled"])).toEqual(lines(logs["envoy"]));
    expect(lines(logs["bundled"]).filter((line) => line.includes(" 503 UF 1"))).toHaveLength(upstreams.length - 1);
  });
});

const closed = (server: Server): Promise<void> => new Promise((resolve) => void server.close(() => resolve()));
