import { execFileSync } from "node:child_process";
import { createServer, type Server } from "node:net";
import type { Status } from "../../src/host/status";
import { alive, Bench, call, listens, until } from "./support";

jest.setTimeout(60_000);

let bench: Bench;
beforeEach(() => (bench = new Bench()));
afterEach(() => bench.end());

/** Every process that was started with the bench's state directory, and its command line. */
const left = (): string[] =>
  execFileSync("ps", ["axeww", "-o", "pid=,command="], { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 })
    .split("\n")
    .filter((line) => line.includes(`XDG_STATE_HOME=${bench.dir}`) && !line.includes("<defunct>"));

const pidsOf = (status: Status): number[] =>
  status.services.flatMap((s) => s.replicas.flatMap((r) => [r.pid, r.proxyPid]));

async function listening(address: string): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, address, done));
  const bound = server.address();
  return { server, port: typeof bound === "object" && bound !== null ? bound.port : 0 };
}

describe("before anything is started", () => {
  test("a program that does not exist", async () => {
    bench.write({ command: ["no-such-program"] });
    const { code, err } = await bench.run("up", bench.file);
    expect(code).toBe(1);
    expect(err).toMatch(/mesh\.yaml:\d+:\d+ services\[0\]\.versions\[0\]\.workload\.host\.command: error MESH3002/);
    expect(err).not.toContain("starting");
    expect(left()).toEqual([]);
  });

  test("a port that the user fixed for a workload and somebody has", async () => {
    const { server, port } = await listening("127.0.0.1");
    bench.write({ env: { PORT: String(port) }, replicas: 1 });
    const { code, err } = await bench.run("up", bench.file);
    server.close();
    expect([code, err]).toEqual([1, expect.stringMatching(`MESH3004 127.0.0.1:${port} is taken`)]);
    expect(err).not.toContain("starting");
    expect(left()).toEqual([]);
  });

  test("a port that the user fixed for callers and somebody has", async () => {
    const { server, port } = await listening("127.0.0.1");
    bench.write({ addresses: { echo: `127.0.0.1:${port}` } });
    const { code, err } = await bench.run("up", "--detach", bench.file);
    server.close();
    expect([code, err]).toEqual([1, expect.stringMatching(`MESH3004 127.0.0.1:${port} is taken`)]);
    expect(left()).toEqual([]);
  });
});

describe("judged before anything is started", () => {
  test("a port that the bundled proxy does not serve", async () => {
    bench.write({ protocol: "tcp" });
    const { code, err } = await bench.run("up", bench.file);
    expect([code, err]).toEqual([1, expect.stringMatching(/services\[0\]\.ports\[0\]: error MESH2010 .*TCP/)]);
    expect(left()).toEqual([]);
  });
});

describe("while it is starting", () => {
  test("a command that exits at once is told with what it wrote, and everything else ends", async () => {
    bench.write({ command: ["node", "-e", "console.error('no database'); process.exit(7)"], replicas: 1 });
    const { code, err } = await bench.run("up", bench.file);
    expect(code).toBe(1);
    expect(err).toMatch(/MESH3005 echo-v[12]-0 .* exited with code 7 before it was ready/);
    expect(err).toContain("no database");
    expect(err).not.toMatch(/^\s+at /m);
    await until(() => left().length === 0);
  });

  test("Ctrl-C gives up, and leaves nothing", async () => {
    bench.write({ command: ["node", "-e", "setInterval(() => 0, 1000)"], replicas: 1 });
    const up = bench.start("up", bench.file);
    await until(() => left().some((line) => line.includes("setInterval")));
    process.kill(up.pid, "SIGINT");
    expect((await up.done).code).toBe(1);
    await until(() => left().length === 0);
  });
});

describe("while it runs", () => {
  test("Ctrl-C in the foreground leaves nothing", async () => {
    bench.write({ replicas: 1 });
    const up = bench.start("up", bench.file);
    await until(() => up.said().includes("Ctrl-C ends it"));
    const status = await bench.status();
    expect((await call(status.services[0]?.address ?? "", "/v1")).body.version).toBe("v1");
    process.kill(up.pid, "SIGINT");
    expect((await up.done).code).toBe(0);
    expect(pidsOf(status).filter(alive)).toEqual([]);
    await until(() => left().length === 0);
    expect(await listens(status.services[0]?.address ?? "")).toBe(false);
  });

  test("a supervisor that is killed takes everything with it, and the mesh comes up again", async () => {
    bench.write({ replicas: 1 });
    const up = bench.start("up", bench.file);
    await until(() => up.said().includes("Ctrl-C ends it"));
    const status = await bench.status();
    process.kill(up.pid, "SIGKILL");
    await up.done;
    await until(() => pidsOf(status).every((pid) => !alive(pid)) && left().length === 0);
    expect((await bench.up()).code).toBe(0);
    expect((await call((await bench.status()).services[0]?.address ?? "", "/v1")).body.version).toBe("v1");
  });

  test("one mesh has one supervisor: a second up changes the first's mesh", async () => {
    bench.write({ replicas: 1 });
    expect((await bench.up()).code).toBe(0);
    const before = await bench.status();
    expect((await bench.run("up", bench.file)).err).toContain("nothing to change");
    expect(pidsOf(await bench.status())).toEqual(pidsOf(before));
  });
});
