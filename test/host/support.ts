import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get as httpGet } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTo, type Connection } from "../../src/host/client";
import type { Status } from "../../src/host/status";

const BIN = resolve(__dirname, "../../bin/meshup.js");
export const ECHO = resolve(__dirname, "../../examples/echo.js");

export interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface MeshOptions {
  readonly name?: string;
  readonly engine?: string;
  readonly command?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly replicas?: number;
  /** Weights of v1 and v2 under /v1. */
  readonly weights?: readonly [number, number];
  readonly addresses?: Readonly<Record<string, string>>;
  /** Default http. Others have no routes. */
  readonly protocol?: string;
  /** A gateway on 80 and 443 for shop.example, with the certificate of this name. */
  readonly gateway?: string;
}

/** The mesh app, small: two versions of an echo service behind STRICT mTLS. */
export function meshText(options: MeshOptions): string {
  const {
    name = "test",
    command = ["node", ECHO],
    env = {},
    replicas = 2,
    weights = [100, 0],
    protocol = "http",
  } = options;
  const version = (v: string, count: number): unknown => ({
    name: v,
    labels: { version: v },
    workload: { name: `echo-${v}`, replicas: count, serviceAccount: "echo", host: { command, env } },
  });
  const backend = (v: string, weight: number): unknown => ({ service: "echo", version: v, port: 80, weight });
  const retries = { attempts: 2, perTryTimeout: "2s", on: ["5xx", "connect-failure"] };
  return JSON.stringify({
    apiVersion: "meshup/v1",
    kind: "Mesh",
    metadata: { name, namespace: "shop" },
    spec: {
      mtls: { mode: "STRICT" },
      backends: { proxy: { engine: options.engine ?? "bundled", addresses: options.addresses ?? {} } },
      services: [
        {
          name: "echo",
          labels: { app: "echo" },
          ports: [{ name: "http", port: 80, targetPort: 8080, protocol }],
          versions: [version("v1", replicas), version("v2", 1)],
        },
      ],
      ...(options.gateway === undefined ? {} : { gateways: [publicGateway(options.gateway)] }),
      routes: (protocol === "http" ? ["echo"] : []).map((route) => ({
        name: route,
        parents: [{ service: "echo" }, ...(options.gateway === undefined ? [] : [{ gateway: "public" }])],
        http: [
          {
            matches: [{ path: { prefix: "/v1" } }],
            backends: [backend("v1", weights[0]), backend("v2", weights[1])],
            timeout: "5s",
            retries,
          },
          { matches: [{ path: { prefix: "/v2" } }], backends: [backend("v2", 100)], timeout: "5s", retries },
        ],
      })),
    },
  });
}

const publicGateway = (certificateRef: string): unknown => ({
  name: "public",
  listeners: [
    { name: "http", port: 80, protocol: "http", hostname: "shop.example" },
    { name: "https", port: 443, protocol: "https", hostname: "shop.example", tls: { certificateRef } },
  ],
});

let meshes = 0;

/** A directory with a mesh file and a state directory of its own, and the built command to run there. */
export class Bench {
  readonly dir = mkdtempSync(join(tmpdir(), "meshup-"));
  readonly file = join(this.dir, "mesh.yaml");
  readonly name = `t${process.pid}-${(meshes += 1)}`;

  constructor() {
    if (!existsSync(resolve(__dirname, "../../dist/src/cli/main.js"))) throw new Error("npm run build comes first");
  }

  write(options: Omit<MeshOptions, "name"> = {}): void {
    writeFileSync(this.file, meshText({ ...options, name: this.name }));
  }

  start(...args: readonly string[]): {
    readonly pid: number;
    readonly done: Promise<Result>;
    readonly said: () => string;
  } {
    const child = spawn(process.execPath, [BIN, ...args], {
      cwd: this.dir,
      env: { ...process.env, XDG_STATE_HOME: join(this.dir, "state") },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    const done = new Promise<Result>((resolveDone) =>
      child.once("close", (code) => resolveDone({ code: code ?? -1, out, err })),
    );
    return { pid: child.pid ?? 0, done, said: () => out };
  }

  run(...args: readonly string[]): Promise<Result> {
    return this.start(...args).done;
  }
  up(): Promise<Result> {
    return this.run("up", "--detach", this.file);
  }
  /** What `meshup status --json` prints, asked of the supervisor itself. */
  async status(): Promise<Status> {
    const status = await (await this.connection())?.status();
    if (status === undefined) throw new Error(`${this.name} does not run`);
    return status;
  }
  async end(): Promise<void> {
    await (await this.connection())?.down();
    rmSync(this.dir, { recursive: true, force: true });
  }
  private connection(): Promise<Connection | undefined> {
    process.env.XDG_STATE_HOME = join(this.dir, "state");
    return connectTo(this.name);
  }
}

export const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

export const listens = (at: string): Promise<boolean> =>
  new Promise((done) => {
    const [host, port] = at.split(":");
    const socket = connect({ host, port: Number(port) });
    socket.once("connect", () => done(socket.destroy() && true));
    socket.once("error", () => done(false));
  });

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(50);
}

export interface Answer {
  readonly status: number;
  readonly body: {
    readonly version?: string;
    readonly path?: string;
    readonly replica?: number;
    readonly headers?: Record<string, string>;
  };
}

export const call = (address: string, path: string, agent?: Agent): Promise<Answer> =>
  new Promise((done, reject) => {
    const request = httpGet(`http://${address}${path}`, { agent, timeout: 10_000 }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("error", reject);
      response.on("end", () => {
        const json = response.headers["content-type"] === "application/json";
        done({ status: response.statusCode ?? 0, body: json ? (JSON.parse(text) as Answer["body"]) : {} });
      });
    });
    request.on("timeout", () => request.destroy(new Error("no answer")));
    request.on("error", reject);
  });

/** Requests without pause from a few connections until stopped: what came back, by version, and what did not. */
export class Load {
  readonly byVersion = new Map<string, number>();
  readonly failures: string[] = [];
  total = 0;
  private stopped = false;
  private readonly agent = new Agent({ keepAlive: true });
  private readonly workers: Promise<void>[];

  constructor(
    private readonly address: string,
    private readonly path: string,
    connections = 4,
  ) {
    this.workers = Array.from({ length: connections }, () => this.work());
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.workers);
    this.agent.destroy();
  }
  reset(): void {
    this.byVersion.clear();
    this.total = 0;
  }
  async atLeast(requests: number): Promise<void> {
    const target = this.total + requests;
    await until(() => this.total >= target || this.failures.length > 0);
  }

  private async work(): Promise<void> {
    while (!this.stopped)
      try {
        const { status, body } = await call(this.address, this.path, this.agent);
        this.total += 1;
        if (status !== 200) this.failures.push(`status ${status}`);
        else this.byVersion.set(body.version ?? "", (this.byVersion.get(body.version ?? "") ?? 0) + 1);
      } catch (error) {
        this.failures.push(String(error));
      }
  }
}
