import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { bootstrap, call, EchoUpstream, type Setup } from "../proxy/support/filter-bench";
import { filterCases, outcome, type FilterCase } from "../proxy/support/filter-cases";
import { jwtCases } from "../proxy/support/jwt-cases";
import { describePart } from "./support/parts";

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}

/** Envoy with one setup, until `end`. */
class EnvoyRun {
  log = "";
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {
    child.stderr?.on("data", (data: Buffer) => (this.log += data.toString()));
  }

  static async start(envoy: string, file: string, port: number): Promise<EnvoyRun> {
    const args = ["-c", file, "--use-dynamic-base-id", "--concurrency", "1", "--log-level", "error"];
    const run = new EnvoyRun(spawn(envoy, args, { stdio: ["ignore", "ignore", "pipe"] }), port);
    for (let i = 0; i < 600 && run.child.exitCode === null; i++) {
      if (await accepts(port)) return run;
      await sleep(20);
    }
    throw new Error(`Envoy does not serve: ${run.log}`);
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGKILL");
    await ended;
  }
}

describePart("Envoy answers the filter cases as they say", ["envoy"], ({ envoy }) => {
  const dir = mkdtempSync(join(tmpdir(), "meshup-"));
  let up: EchoUpstream;
  let other: EchoUpstream;
  beforeAll(async () => {
    up = await EchoUpstream.start("up");
    other = await EchoUpstream.start("other");
  });
  afterAll(async () => {
    rmSync(dir, { recursive: true, force: true });
    await up.close();
    await other.close();
  });

  const start = async (setup: Setup): Promise<EnvoyRun> => {
    const listener = await freePort();
    const file = join(dir, `${listener}.json`);
    writeFileSync(file, JSON.stringify(bootstrap(setup, { listener, up: up.port, other: other.port })));
    return EnvoyRun.start(envoy, file, listener);
  };

  const hold = async ({ title, setup, calls }: FilterCase): Promise<void> => {
    const run = await start(setup);
    try {
      for (const [request, expected] of calls)
        expect([title, request, outcome(await call(run.port, request), expected)]).toEqual([title, request, expected]);
    } finally {
      await run.end();
    }
  };

  for (const one of filterCases) test(one.title, () => hold(one));

  test("tokens are verified, and claims reach the filters behind", async () => {
    for (const one of await jwtCases()) await hold(one);
  });
});
