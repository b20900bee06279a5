import { buildSync } from "esbuild";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectionLimit } from "../../src/proxy/net/descriptors";
import { eventually, RawClient } from "../proxy/support/client";

const type = (name: string): object => ({ "@type": `type.googleapis.com/envoy.${name}` });
const address = (port_value: number): object => ({ socket_address: { address: "127.0.0.1", port_value } });
const get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

/** One listener that answers by itself, its access log on a disk that is full. */
const bootstrap = {
  node: { id: "n", cluster: "c" },
  admin: { address: address(0) },
  static_resources: {
    listeners: [
      {
        name: "l",
        address: address(0),
        filter_chains: [
          {
            filters: [
              {
                name: "http",
                typed_config: {
                  ...type("extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
                  stat_prefix: "crowd",
                  route_config: {
                    name: "r",
                    virtual_hosts: [
                      {
                        name: "v",
                        domains: ["*"],
                        routes: [
                          { match: { prefix: "/" }, direct_response: { status: 200, body: { inline_string: "fine" } } },
                        ],
                      },
                    ],
                  },
                  http_filters: [{ name: "router", typed_config: type("extensions.filters.http.router.v3.Router") }],
                  access_log: [
                    {
                      name: "file",
                      typed_config: { ...type("extensions.access_loggers.file.v3.FileAccessLog"), path: "/dev/full" },
                    },
                  ],
                },
              },
            ],
          },
        ],
      },
    ],
  },
};

const residentBytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? 0) * 1024;

const linux = existsSync("/dev/full") && existsSync("/proc/self/status");
(linux ? describe : describe.skip)("a process of the bundled proxy before a crowd", () => {
  const dir = mkdtempSync(join(tmpdir(), "meshup-crowd-"));
  let child: ChildProcess;
  let ports: { readonly listener: number; readonly admin: number };
  let output = "";

  beforeAll(async () => {
    const [program, config] = [join(dir, "proxy.js"), join(dir, "config.json")];
    buildSync({ entryPoints: ["src/proxy/main.ts"], bundle: true, platform: "node", format: "cjs", outfile: program });
    writeFileSync(config, JSON.stringify(bootstrap));
    child = spawn(process.execPath, [program, "-c", config], { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (data: Buffer) => (output += data.toString()));
    const port = (what: string): number =>
      Number(new RegExp(`"message":"${what}".*"port":(\\d+)`).exec(output)?.[1] ?? 0);
    await eventually(
      () => output.includes('"ready"'),
      () => output,
    );
    ports = { listener: port("listening"), admin: port("admin") };
  }, 30_000);
  afterAll(() => {
    child.kill("SIGKILL");
    rmSync(dir, { recursive: true, force: true });
  });

  async function active(): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${ports.admin}/stats?filter=downstream_cx_active`)).text();
    return Number(/http\.crowd\.downstream_cx_active: (\d+)/.exec(text)?.[1] ?? NaN);
  }

  async function served(): Promise<void> {
    const other = await RawClient.open(ports.listener);
    await other.send(get).until("fine");
    other.close();
  }

  test("10,000 idle connections, or as many as may be had, cost 32 KiB each at most, and others are served", async () => {
    // The proxy keeps a descriptor for an upstream beside each client's; this process has one each.
    const count = Math.min(10_000, connectionLimit() - 10);
    await served();
    const before = residentBytes(child.pid ?? 0);
    const clients: RawClient[] = [];
    while (clients.length < count) {
      const some = Array.from({ length: Math.min(100, count - clients.length) }, () => RawClient.open(ports.listener));
      const opened = await Promise.all(some);
      for (const client of opened) client.send(get);
      for (const client of opened) await client.until("fine");
      clients.push(...opened);
    }
    expect(await active()).toBe(count);
    await served();
    expect((residentBytes(child.pid ?? 0) - before) / count).toBeLessThan(32 * 1024);
    for (const client of clients) client.close();
    for (let i = 0; i < 100 && (await active()) > 0; i++) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await active()).toBe(0);
    await served();
    // All that while the disk of the access log was full, which ended neither a request nor the process.
    expect([child.exitCode, output.includes("at ")]).toEqual([null, false]);
  }, 60_000);
});
