import { mkdirSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { join } from "node:path";
import { TestCa } from "../proxy/support/certs";
import { Bench, call, listens } from "./support";

jest.setTimeout(60_000);
const HOST = "shop.example";

interface Visit {
  readonly status: number;
  readonly body: string;
}
/** A visitor who comes to an address and asks for a host; over TLS where there is an authority to trust. */
const visit = (at: string, host: string, path: string, ca?: string): Promise<Visit> =>
  new Promise((resolve, reject) => {
    const [address, port] = at.split(":");
    const options = { host: address, port, path, headers: { host }, agent: false, servername: host, ca };
    const outgoing = (ca === undefined ? httpRequest : httpsRequest)(options, (incoming) => {
      let body = "";
      incoming.on("data", (chunk: Buffer) => (body += chunk.toString()));
      incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, body }));
    });
    outgoing.on("error", reject).end();
  });

describe("a gateway on this host", () => {
  const bench = new Bench();
  let ca: string;
  let doors: Record<number, string>;

  beforeAll(async () => {
    const authority = await TestCa.create();
    const { cert, key } = await authority.leaf({ dns: [HOST] });
    ca = authority.pem;
    bench.write({ replicas: 1, gateway: "shop-cert" });
    const before = await bench.up();
    expect([before.code, before.err]).toEqual([
      1,
      expect.stringMatching(/MESH3016 .*shop-cert\/tls\.crt and .* absent/),
    ]);
    mkdirSync(join(bench.dir, "secrets/shop-cert"), { recursive: true });
    writeFileSync(join(bench.dir, "secrets/shop-cert/tls.crt"), cert);
    writeFileSync(join(bench.dir, "secrets/shop-cert/tls.key"), key);
    const { code, out, err } = await bench.up();
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining("starting") });
    const [gateway] = (await bench.status()).gateways;
    doors = Object.fromEntries((gateway?.listeners ?? []).map(({ port, address }) => [port, address]));
    expect(out).toContain(`gateway public\n  80        ${doors[80]}  ${HOST}\n  443       ${doors[443]}  ${HOST}\n`);
  });
  afterAll(() => bench.end());

  test("lets visitors of its host in, by http and by https, to where its routes lead", async () => {
    const [plain, secure] = [
      await visit(doors[80] ?? "", HOST, "/v1/x"),
      await visit(doors[443] ?? "", HOST, "/v2/x", ca),
    ];
    expect([plain.status, (JSON.parse(plain.body) as { version: string }).version]).toEqual([200, "v1"]);
    expect([secure.status, (JSON.parse(secure.body) as { version: string }).version]).toEqual([200, "v2"]);
  });

  test("calls the services in its own name", async () => {
    const { body } = await visit(doors[80] ?? "", HOST, "/v1/x");
    const { headers } = JSON.parse(body) as { headers: Record<string, string> };
    expect(headers["x-forwarded-client-cert"]).toContain("URI=spiffe://cluster.local/ns/shop/sa/public");
  });

  test("knows no other host and no other path", async () => {
    expect((await visit(doors[80] ?? "", "other.example", "/v1/x")).status).toBe(404);
    expect((await visit(doors[80] ?? "", HOST, "/other")).status).toBe(404);
  });

  test("closes when the mesh has it no more, and the mesh goes on", async () => {
    bench.write({ replicas: 1 });
    expect((await bench.up()).err).toContain("stopped gateway-shop-public");
    expect(await listens(doors[80] ?? "")).toBe(false);
    expect((await call((await bench.status()).services[0]?.address ?? "", "/v1/x")).status).toBe(200);
  });
});
