import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accepted } from "../proxy/corpus/requests";
import { requestsIn } from "../proxy/corpus/reading";
import { eventually, RawClient } from "../proxy/support/client";
import { clusterConfig, forward, route, TestProxy } from "../proxy/support/proxy";
import { RawUpstream, response } from "../proxy/support/upstream";

/** A server that answers with `METHOD target body`, as it read the request. */
interface Reader {
  readonly port: number;
  readonly readsChunks: boolean;
  stop(): void;
}

const python = `
import http.server
class H(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        said = self.command.encode() + b" " + self.path.encode("latin1") + b" " + body
        self.send_response(200)
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)
    do_GET = do_POST = do
    def log_message(self, *a): pass
s = http.server.ThreadingHTTPServer(("127.0.0.1", 0), H)
print(s.server_port, flush=True)
s.serve_forever()
`;
const go = `package main
import ("fmt"; "io"; "net"; "net/http")
func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil { panic(err) }
	fmt.Println(l.Addr().(*net.TCPAddr).Port)
	http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil { w.WriteHeader(400); return }
		said := r.Method + " " + r.RequestURI + " " + string(body)
		w.Header().Set("content-length", fmt.Sprint(len(said)))
		io.WriteString(w, said)
	}))
}
`;

async function child(command: string, args: readonly string[], readsChunks: boolean): Promise<Reader> {
  const process: ChildProcess = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"] });
  let said = "";
  process.stdout?.on("data", (data: Buffer) => (said += data.toString()));
  await eventually(
    () => said.includes("\n") || process.exitCode !== null,
    () => `${command} did not say its port`,
  );
  return { port: Number(said), readsChunks, stop: () => process.kill("SIGKILL") };
}

async function nodeReader(): Promise<Reader> {
  const server = createServer((request, answer) => {
    const parts: Buffer[] = [];
    request.on("data", (data: Buffer) => parts.push(data));
    request.on("end", () =>
      answer.end(Buffer.from(`${request.method} ${request.url} ${Buffer.concat(parts).toString("latin1")}`, "latin1")),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, readsChunks: true, stop: () => server.close() };
}

/** The bytes that the proxy sends for each accepted sample, request by request. */
async function forwarded(): Promise<ReadonlyMap<string, readonly string[]>> {
  let seen: string[] = [];
  const pending = new Map<object, string>();
  const upstream = await RawUpstream.start((received, socket) => {
    let text = (pending.get(socket) ?? "") + received;
    for (let taken = requestsIn(text); taken.first !== undefined; taken = requestsIn(text)) {
      seen.push(taken.first);
      text = taken.rest;
      socket.write(response("ok"));
    }
    pending.set(socket, text);
  });
  const proxy = await TestProxy.start({
    clusters: [clusterConfig("up", [upstream.port])],
    routes: [route(forward("up"))],
  });
  const all = new Map<string, readonly string[]>();
  for (const { name, bytes, means } of accepted) {
    seen = [];
    const client = await RawClient.open(proxy.port);
    client.send(bytes);
    await eventually(
      () => seen.length >= means.length && (client.received.match(/HTTP\/1\.1 200/g) ?? []).length >= means.length,
    );
    client.close();
    all.set(name, seen);
  }
  proxy.close();
  await upstream.close();
  return all;
}

/** Sends the bytes on one connection, and gives the bodies of what comes back. */
async function read(port: number, bytes: string, count: number): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1" });
  let got = "";
  socket.on("data", (data) => (got += data.toString("latin1")));
  socket.on("error", () => undefined);
  socket.write(bytes, "latin1");
  const bodies = (): string[] => {
    const found: string[] = [];
    for (let rest = got; ;) {
      const end = rest.indexOf("\r\n\r\n");
      const length = /content-length: (\d+)/i.exec(rest.slice(0, end))?.[1];
      if (end < 0 || length === undefined || rest.length < end + 4 + Number(length)) return found;
      found.push(rest.slice(end + 4, end + 4 + Number(length)));
      rest = rest.slice(end + 4 + Number(length));
    }
  };
  await eventually(
    () => bodies().length >= count,
    () => JSON.stringify({ bytes, got }),
  );
  socket.destroy();
  return bodies().join("\n");
}

const readers: readonly (readonly [name: string, start: (dir: string) => Promise<Reader> | undefined])[] = [
  ["node:http (llhttp)", () => nodeReader()],
  [
    "Python's http.server",
    () => (spawnSync("python3", ["--version"]).status === 0 ? child("python3", ["-c", python], false) : undefined),
  ],
  [
    "Go's net/http",
    (dir) => {
      writeFileSync(join(dir, "main.go"), go);
      const built = spawnSync("go", ["build", "-o", join(dir, "reader"), join(dir, "main.go")], { timeout: 240_000 });
      return built.status === 0 ? child(join(dir, "reader"), [], true) : undefined;
    },
  ],
];

describe("what the proxy forwards is read by others as the one request that was meant", () => {
  const dir = mkdtempSync(join(tmpdir(), "meshup-attack-"));
  let sent: ReadonlyMap<string, readonly string[]> = new Map();
  beforeAll(async () => {
    sent = await forwarded();
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  test.each(readers)(
    "%s",
    async (name, start) => {
      const reader = await start(dir);
      if (reader === undefined) {
        process.stderr.write(`${name}: skipped, it is not here\n`);
        return;
      }
      try {
        for (const { name: sample, means } of accepted) {
          const requests = sent.get(sample) ?? [];
          const chunked = requests.some((text) => /\r\ntransfer-encoding: chunked/.test(text));
          if (chunked && !reader.readsChunks) continue;
          expect([sample, await read(reader.port, requests.join(""), means.length)]).toEqual([
            sample,
            [...means].join("\n"),
          ]);
        }
      } finally {
        reader.stop();
      }
    },
    300_000,
  );
});
