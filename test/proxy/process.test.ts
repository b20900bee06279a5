import { buildSync } from "esbuild";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually, RawClient } from "./support/client";

const root = mkdtempSync(join(tmpdir(), "meshup-process-"));
const program = join(root, "proxy.js");
const running: Running[] = [];

beforeAll(() => {
  buildSync({ entryPoints: ["src/proxy/main.ts"], bundle: true, platform: "node", format: "cjs", outfile: program });
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.kill();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Config {
  readonly body: string;
  readonly port?: number;
}

function bootstrap({ body, port = 0 }: Config): string {
  const any = (name: string): object => ({ "@type": `type.googleapis.com/${name}` });
  const address = (port_value: number): object => ({ socket_address: { address: "127.0.0.1", port_value } });
  return JSON.stringify({
    node: { id: "n", cluster: "c" },
    static_resources: {
      listeners: [
        {
          name: "l",
          address: address(port),
          filter_chains: [
            {
              filters: [
                {
                  name: "http",
                  typed_config: {
                    ...any("envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
                    stat_prefix: "p",
                    route_config: {
                      name: "r",
                      virtual_hosts: [
                        {
                          name: "v",
                          domains: ["*"],
                          routes: [
                            { match: { prefix: "/" }, direct_response: { status: 200, body: { inline_string: body } } },
                          ],
                        },
                      ],
                    },
                    http_filters: [
                      { name: "router", typed_config: any("envoy.extensions.filters.http.router.v3.Router") },
                    ],
                  },
                },
              ],
            },
          ],
        },
      ],
    },
  });
}

class Running {
  output = "";
  code: number | null | undefined;
  private readonly child: ChildProcess;

  constructor(...given: readonly (string | { readonly descriptors: number })[]) {
    const args = given.filter((arg) => typeof arg === "string");
    const limits = given.find((arg) => typeof arg !== "string");
    const command = [process.execPath, program, ...args];
    const limited = limits && ["sh", "-c", `ulimit -n ${limits.descriptors}; exec "$@"`, "sh", ...command];
    const [head = "", ...tail] = limited ?? command;
    this.child = spawn(head, tail, { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on("data", (data: Buffer) => (this.output += data.toString()));
    this.child.on("exit", (code) => (this.code = code));
    running.push(this);
  }

  async said(text: string | RegExp): Promise<RegExpMatchArray> {
    let found: RegExpMatchArray | null = null;
    const wanted = typeof text === "string" ? text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") : text;
    for (let i = 0; i < 4 && found === null; i++)
      await eventually(() => (found = this.output.match(wanted)) !== null).catch(() => undefined);
    if (found === null) throw new Error(`'${text}' was not said, but: ${this.output}`);
    return found;
  }

  async port(): Promise<number> {
    return Number((await this.said(/"listening".*"port":(\d+)/))[1]);
  }

  async ended(): Promise<number | null> {
    for (let i = 0; i < 4 && this.code === undefined; i++)
      await eventually(() => this.code !== undefined).catch(() => undefined);
    if (this.code === undefined) throw new Error(`it did not end: ${this.output}`);
    return this.code;
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  async kill(): Promise<void> {
    if (this.code !== undefined) return;
    this.child.kill("SIGKILL");
    await eventually(() => this.code !== undefined || this.child.signalCode !== null);
  }
}

async function answer(port: number): Promise<string> {
  const client = await RawClient.open(port);
  const text = await client.send("GET / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n").untilClosed();
  client.close();
  return text.slice(text.indexOf("\r\n\r\n") + 4);
}

let files = 0;
function file(config: Config): string {
  const path = join(root, `config-${files++}.json`);
  writeFileSync(path, bootstrap(config));
  return path;
}

function replace(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

test("a changed file comes into force; one that is not valid leaves the old one, with its mistake in the log", async () => {
  const path = file({ body: "one" });
  const proxy = new Running("-c", path);
  const port = await proxy.port();
  expect(await answer(port)).toBe("one");
  replace(path, bootstrap({ body: "two" }));
  await proxy.said("configuration in force");
  expect(await answer(port)).toBe("two");
  replace(path, bootstrap({ body: "three" }).replace('"stat_prefix"', '"stat_prefixx"'));
  await proxy.said("the old one stays in force");
  expect(proxy.output).toContain("stat_prefixx");
  replace(path, "{");
  await proxy.said("cannot be parsed");
  expect(await answer(port)).toBe("two");
  proxy.signal("SIGTERM");
  expect(await proxy.ended()).toBe(0);
});

test("a mounted volume changes by renaming a link", async () => {
  const volume = join(root, "volume");
  for (const [name, body] of [
    ["..a", "one"],
    ["..b", "two"],
  ] as const) {
    mkdirSync(join(volume, name), { recursive: true });
    writeFileSync(join(volume, name, "config.json"), bootstrap({ body }));
  }
  symlinkSync("..a", join(volume, "..data"));
  symlinkSync(join("..data", "config.json"), join(volume, "config.json"));
  const proxy = new Running("-c", join(volume, "config.json"));
  const port = await proxy.port();
  expect(await answer(port)).toBe("one");
  symlinkSync("..b", join(volume, "..data_tmp"));
  renameSync(join(volume, "..data_tmp"), join(volume, "..data"));
  await proxy.said("configuration in force");
  expect(await answer(port)).toBe("two");
});

test("SIGHUP looks at the file where no watch tells of it, and says nothing when it is the same", async () => {
  // What a link in another directory points to changes unseen.
  const target = file({ body: "one" });
  const elsewhere = join(root, "elsewhere");
  mkdirSync(elsewhere);
  symlinkSync(target, join(elsewhere, "config.json"));
  const proxy = new Running("-c", join(elsewhere, "config.json"));
  const port = await proxy.port();
  await proxy.said('"ready"');
  proxy.signal("SIGHUP");
  expect(await answer(port)).toBe("one");
  replace(target, bootstrap({ body: "two" }));
  proxy.signal("SIGHUP");
  await proxy.said("configuration in force");
  expect(await answer(port)).toBe("two");
  proxy.signal("SIGINT");
  expect(await proxy.ended()).toBe(0);
  expect(proxy.output.match(/configuration in force/g)).toHaveLength(1);
});

test("a new port that is taken leaves the old configuration in force", async () => {
  const taken: Server = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const path = file({ body: "one" });
  const proxy = new Running("-c", path);
  const port = await proxy.port();
  replace(path, bootstrap({ body: "two", port: (taken.address() as AddressInfo).port }));
  await proxy.said("EADDRINUSE");
  expect(await answer(port)).toBe("one");
  taken.close();
});

test("beyond what its descriptors allow a client is refused, and served again when others go", async () => {
  const path = file({ body: "one" });
  const proxy = new Running({ descriptors: 100 }, "-c", path);
  const port = await proxy.port();
  const clients = await Promise.all(Array.from({ length: 40 }, () => visit(port)));
  // (100 − 64) / 2: each client may need a connection upstream.
  expect(clients.filter((client) => client === "refused")).toHaveLength(22);
  for (const client of clients) if (client !== "refused") client.close();
  let again: RawClient | "refused" = "refused";
  for (let i = 0; i < 500 && again === "refused"; i++) {
    again = await visit(port);
    if (again === "refused") await sleep(5);
  }
  if (again === "refused") throw new Error("nobody is served any more");
  again.close();
});

/**
 * A client that has its answer, or was refused: its connection ended without one byte. A refusal is an RST right after
 * the handshake, so the client's system may have it before or after it says that the connection stands.
 */
async function visit(port: number): Promise<RawClient | "refused"> {
  const socket = connect({ port, host: "127.0.0.1" });
  const client = RawClient.of(socket);
  let reason = "";
  socket.on("error", (error: NodeJS.ErrnoException) => (reason = error.code ?? error.message));
  client.send("GET / HTTP/1.1\r\nhost: h\r\n\r\n");
  await eventually(
    () => client.closed || client.received.endsWith("one"),
    () => `neither an answer nor an end, but ${JSON.stringify(client.received)}`,
  );
  if (!client.closed) return client;
  expect([client.received, ["ECONNRESET", "EPIPE"].includes(reason)]).toEqual(["", true]);
  return "refused";
}

test.each([
  ["no configuration to read", () => ["-c", join(root, "absent.json")], 1, "ENOENT"],
  ["a configuration that is not valid", () => ["-c", invalid()], 1, "domainss"],
  ["validate: valid", () => ["--mode", "validate", "-c", file({ body: "x" })], 0, "OK"],
  ["validate: not valid", () => ["--mode", "validate", "-c", invalid()], 1, "domainss"],
  ["a command line that is wrong", () => ["--nonsense"], 2, "nonsense"],
] as const)("exit code: %s", async (_title, args, code, said) => {
  const proxy = new Running(...args());
  expect(await proxy.ended()).toBe(code);
  expect(proxy.output).toContain(said);
  // A mistake of the user is told in words, without a stack.
  expect(proxy.output).not.toMatch(/\n\s+at /);
});

function invalid(): string {
  const path = file({ body: "x" });
  writeFileSync(path, bootstrap({ body: "x" }).replace('"domains"', '"domainss"'));
  return path;
}
