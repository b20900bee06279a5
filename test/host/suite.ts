import { existsSync, readdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { connect as tlsConnect } from "node:tls";
import { CertificateAuthority } from "../../src/control/ca";
import { signingRequest } from "../../src/control/svid";
import type { Status } from "../../src/host/status";
import { alive, Bench, call, listens, Load, until } from "./support";

const replicasOf = (status: Status): Status["services"][number]["replicas"] => status.services[0]?.replicas ?? [];
const CLIENT = "spiffe://cluster.local/ns/shop/sa/meshup-client";
const REQUEST = "GET /v1/x HTTP/1.1\r\nhost: echo\r\n\r\n";

/** What comes back before the connection ends. */
const plaintext = (at: string): Promise<string> =>
  new Promise((done) => {
    const [host, port] = at.split(":");
    let text = "";
    const socket = connect({ host, port: Number(port) }, () => socket.write(REQUEST));
    socket.on("data", (chunk) => (text += chunk.toString("latin1")));
    socket.on("error", () => undefined);
    socket.on("close", () => done(text));
  });

/** A TLS client with a certificate that another authority gave out for the right name. */
async function stranger(at: string): Promise<string> {
  const ca = await CertificateAuthority.create({ trustDomain: "cluster.local" });
  const { csr, privateKey } = await signingRequest(CLIENT);
  const cert = await ca.sign(csr, CLIENT);
  return new Promise((done) => {
    const [host, port] = at.split(":");
    let text = "";
    const socket = tlsConnect({ host, port: Number(port), cert, key: privateKey, rejectUnauthorized: false }, () =>
      socket.write(REQUEST),
    );
    socket.on("data", (chunk) => (text += chunk.toString("latin1")));
    socket.on("error", () => undefined);
    socket.on("close", () => done(text));
  });
}

/** A mesh on this host, moved by one engine. Envoy has to start anew for another configuration, so it is not asked to. */
export function meshSuite(engine: "bundled" | "envoy"): void {
  describe(`a mesh on this host (${engine})`, () => {
    const bench = new Bench();
    let status: Status;
    let address: string;

    beforeAll(async () => {
      bench.write({ engine });
      const { code, out, err } = await bench.up();
      expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining("starting echo-v1-0") });
      status = JSON.parse((await bench.run("status", "--json", bench.name)).out) as Status;
      expect(status).toEqual(await bench.status());
      address = status.services[0]?.address ?? "";
      expect(out).toContain(`curl http://${address}/v1/hello`);
    });
    afterAll(() => bench.end());

    test("every replica is ready, with its identity", () => {
      expect(replicasOf(status).map((r) => [r.version, r.ready, r.spiffeId])).toEqual([
        ["v1", true, "spiffe://cluster.local/ns/shop/sa/echo"],
        ["v1", true, "spiffe://cluster.local/ns/shop/sa/echo"],
        ["v2", true, "spiffe://cluster.local/ns/shop/sa/echo"],
      ]);
      expect(status.services[0]?.mtls).toBe("STRICT");
    });

    test("requests follow the routes, and the application learns who called", async () => {
      const [v1, v1x, v2, other] = await Promise.all(["/v1", "/v1/x", "/v2", "/v10"].map((p) => call(address, p)));
      expect([v1?.body.version, v1x?.body.version, v2?.body.version]).toEqual(["v1", "v1", "v2"]);
      expect(other?.status).toBe(404);
      expect(v1?.body.headers?.["x-forwarded-client-cert"]).toContain(`URI=${CLIENT}`);
    });

    test("a STRICT port answers neither plain text nor a certificate of another authority", async () => {
      const inbound = replicasOf(status)[0]?.inbound ?? "";
      expect(await plaintext(inbound)).not.toContain("HTTP/1.1 200");
      expect(await stranger(inbound)).toBe("");
    });

    test("a replica that is killed loses no request, and comes back", async () => {
      const load = new Load(address, "/v1/x");
      await load.atLeast(100);
      const [victim] = replicasOf(await bench.status());
      process.kill(victim?.pid ?? 0, "SIGKILL");
      await load.atLeast(500);
      process.kill(victim?.proxyPid ?? 0, "SIGKILL");
      await load.atLeast(500);
      await until(async () => replicasOf(await bench.status()).every((r) => r.ready));
      await load.stop();
      expect(load.failures).toEqual([]);
      const [again] = replicasOf(await bench.status());
      expect([again?.pid === victim?.pid, again?.proxyPid === victim?.proxyPid]).toEqual([false, false]);
      expect(again?.inbound).toBe(victim?.inbound);
    });

    if (engine === "bundled") {
      test("weights move under load without a lost request and without a restart", async () => {
        const before = replicasOf(await bench.status());
        const load = new Load(address, "/v1/x");
        await load.atLeast(200);
        expect(load.byVersion.has("v2")).toBe(false);
        bench.write({ engine, weights: [50, 50] });
        const { code, err } = await bench.up();
        expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining("reconfigured client") });
        load.reset();
        await load.atLeast(2000);
        await load.stop();
        expect(load.failures).toEqual([]);
        const share = (load.byVersion.get("v2") ?? 0) / load.total;
        expect(Math.abs(share - 0.5)).toBeLessThan(0.05);
        const pids = (replicas: typeof before): number[] => replicas.flatMap((r) => [r.pid, r.proxyPid]);
        expect(pids(replicasOf(await bench.status()))).toEqual(pids(before));
      });

      test("replicas come and go under load without a lost request", async () => {
        const load = new Load(address, "/v1/x");
        await load.atLeast(50);
        bench.write({ engine, weights: [50, 50], replicas: 3 });
        expect((await bench.up()).err).toContain("started echo-v1-2");
        bench.write({ engine, weights: [50, 50], replicas: 1 });
        expect((await bench.up()).err).toContain("stopped echo-v1-1, echo-v1-2");
        await load.atLeast(50);
        await load.stop();
        expect(load.failures).toEqual([]);
        expect(replicasOf(await bench.status()).map((r) => r.version)).toEqual(["v1", "v2"]);
      });

      test("the same file again changes nothing", async () => {
        expect((await bench.up()).err).toContain("nothing to change");
      });

      test("a mesh that cannot be leaves the running one as it is", async () => {
        const before = replicasOf(await bench.status()).map((r) => r.pid);
        bench.write({ engine, command: ["no-such-program"] });
        const { code, err } = await bench.up();
        expect([code, err]).toEqual([1, expect.stringMatching(/MESH3002 "no-such-program" is no program/)]);
        bench.write({ engine, command: ["node", "-e", "process.exit(3)"] });
        const exits = await bench.up();
        expect([exits.code, exits.err]).toEqual([1, expect.stringContaining("MESH3005")]);
        expect(replicasOf(await bench.status()).map((r) => r.pid)).toEqual(before);
        expect((await call(address, "/v1/x")).status).toBe(200);
      });
    }

    test("what a workload and a proxy wrote is kept", async () => {
      const { code, err } = await bench.run("logs", "nobody", "--mesh", bench.name);
      expect([code, err]).toEqual([1, expect.stringContaining("MESH3012")]);
      expect((await bench.run("logs", "echo-v2", "--mesh", bench.name)).code).toBe(0);
    });

    test("down leaves no process, no port and no key", async () => {
      const last = await bench.status();
      expect((await bench.run("down", bench.name)).code).toBe(0);
      const pids = replicasOf(last).flatMap((r) => [r.pid, r.proxyPid]);
      expect(pids.filter(alive)).toEqual([]);
      const ports = [address, ...replicasOf(last).flatMap((r) => [r.inbound, r.admin])];
      expect((await Promise.all(ports.map(listens))).filter(Boolean)).toEqual([]);
      const state = join(bench.dir, "state", "meshup", bench.name);
      expect(existsSync(state) ? readdirSync(state) : []).toEqual(["logs"]);
      expect((await bench.run("status", bench.name)).err).toContain("MESH3011");
    });
  });
}
