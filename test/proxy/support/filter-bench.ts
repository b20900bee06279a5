import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { JsonAuditLog } from "../../../src/proxy/authz/audit";
import { allAtOnce } from "../../../src/proxy/xds/steps";
import { readBootstrap } from "../../../src/proxy/xds/bootstrap";
import { compile, type CompileServices } from "../../../src/proxy/xds/compile";
import type { ConfigError } from "../../../src/proxy/xds/messages";
import { Worker } from "../../../src/proxy/worker";

export type Json = Readonly<Record<string, unknown>>;

export const typed = (type: string, body: Json = {}): Json => ({
  "@type": `type.googleapis.com/envoy.extensions.filters.http.${type}`,
  ...body,
});
export const filter = (name: string, type: string, body: Json = {}): Json => ({
  name,
  typed_config: typed(type, body),
});
const router = filter("router", "router.v3.Router");

/** What a test says of a connection manager; the rest is the same for all. */
export interface Setup {
  readonly filters?: readonly Json[];
  readonly routes?: readonly Json[];
  readonly host?: Json;
  readonly table?: Json;
  readonly manager?: Json;
}

/** One listener on `port`, with clusters `up` and `other` at their ports: for either engine. */
export function bootstrap(setup: Setup, ports: { listener: number; up: number; other: number }): Json {
  const cluster = (name: string, port: number): Json => ({
    name,
    type: "STATIC",
    connect_timeout: "1s",
    load_assignment: {
      cluster_name: name,
      endpoints: [
        {
          lb_endpoints: [{ endpoint: { address: { socket_address: { address: "127.0.0.1", port_value: port } } } }],
        },
      ],
    },
  });
  const manager = {
    "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
    stat_prefix: "in",
    normalize_path: true,
    generate_request_id: false,
    http_filters: [...(setup.filters ?? []), router],
    ...setup.manager,
    route_config: {
      name: "r",
      virtual_hosts: [
        {
          name: "v",
          domains: ["*"],
          routes: setup.routes ?? [{ match: { prefix: "/" }, route: { cluster: "up" } }],
          ...setup.host,
        },
      ],
      ...setup.table,
    },
  };
  return {
    admin: { address: { socket_address: { address: "127.0.0.1", port_value: 0 } } },
    static_resources: {
      listeners: [
        {
          name: "l",
          address: { socket_address: { address: "127.0.0.1", port_value: ports.listener } },
          filter_chains: [{ filters: [{ name: "hcm", typed_config: manager }] }],
        },
      ],
      clusters: [cluster("up", ports.up), cluster("other", ports.other)],
    },
  };
}

/** What the upstream saw, as it answers it. */
export interface Seen {
  readonly upstream: string;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An upstream on loopback that answers with what it was asked, and remembers it. */
export class EchoUpstream {
  readonly seen: Seen[] = [];
  /** Document paths and their text, in place of the echo. */
  readonly documents = new Map<string, string>();
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(name: string): Promise<EchoUpstream> {
    const server = createServer((req, res) => {
      const chunks: Buffer[] = [];
      req.on("data", (chunk: Buffer) => chunks.push(chunk));
      req.on("end", () => {
        const [method = "", path = "", body] = [req.method, req.url, Buffer.concat(chunks).toString()];
        const seen = { upstream: name, method, path, headers: req.headers, body };
        echo.seen.push(seen);
        res.writeHead(200, { "content-type": "application/json", "x-from": name });
        res.end(echo.documents.get(path) ?? JSON.stringify(seen));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const echo = new EchoUpstream(server, (server.address() as AddressInfo).port);
    return echo;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

export interface Call {
  readonly method?: string;
  readonly path?: string;
  /** A value that is a list is sent as repeated fields. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** What reached the upstream, when the answer is its echo. */
  readonly seen: Seen | undefined;
}

/** One request on a connection of its own. */
export function call(port: number, { method = "GET", path = "/", headers = {}, body }: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, method, path, headers: { host: "a.example", ...headers }, agent: false };
    const req = httpRequest(options, (res) => {
      const chunks: Buffer[] = [];
      res.on("data", (chunk: Buffer) => chunks.push(chunk));
      res.on("error", reject);
      res.on("end", () => {
        const text = Buffer.concat(chunks).toString("latin1");
        const echoed = res.headers["x-from"] !== undefined && text.startsWith("{");
        resolve({
          status: res.statusCode ?? 0,
          headers: res.headers,
          text,
          seen: echoed ? (JSON.parse(text) as Seen) : undefined,
        });
      });
    });
    req.on("error", reject);
    req.end(body);
  });
}

/** The bundled proxy in this process, from Envoy's configuration. */
export class FilterBench {
  readonly worker = new Worker();
  readonly audit: Json[] = [];
  private readonly services: CompileServices = {
    downstreamTls: () => {
      throw new Error("no TLS here");
    },
    upstreamTls: () => {
      throw new Error("no TLS here");
    },
    spans: () => ({ export: () => undefined }),
    accessLog: () => ({ onRequest: () => undefined }),
    audit: new JsonAuditLog((line) => this.audit.push(JSON.parse(line) as Json)),
    downstreamStats: (prefix) => this.worker.downstreamStats(prefix),
  };
  private constructor(
    readonly up: EchoUpstream,
    readonly other: EchoUpstream,
  ) {}

  static async start(setup: Setup): Promise<FilterBench> {
    const bench = new FilterBench(await EchoUpstream.start("up"), await EchoUpstream.start("other"));
    const compiled = bench.compile(setup);
    if (Array.isArray(compiled)) {
      await bench.close();
      throw new Error(JSON.stringify(compiled));
    }
    await bench.worker.apply(compiled, {});
    return bench;
  }

  private compile(setup: Setup) {
    const value = bootstrap(setup, { listener: 0, up: this.up.port, other: this.other.port });
    const read = readBootstrap({ value });
    if (!read.ok) return [...read.errors];
    const compiled = allAtOnce(compile(read.bootstrap, this.services));
    return compiled.ok ? compiled.value : [...compiled.errors];
  }

  /** What is wrong with a setup. */
  static async errors(setup: Setup): Promise<readonly ConfigError[]> {
    const bench = new FilterBench(await EchoUpstream.start("up"), await EchoUpstream.start("other"));
    const compiled = bench.compile(setup);
    await bench.close();
    return Array.isArray(compiled) ? compiled : [];
  }

  get port(): number {
    return [...this.worker.listeners()][0]?.port ?? 0;
  }

  call(request: Call): Promise<Answer> {
    return call(this.port, request);
  }

  /** A filter's counters by the first part of their names. */
  counters(prefix: string): Record<string, number> {
    const all = [...this.worker.downstreamStats("in").filters.values()].filter((f) => f.prefix === prefix);
    return Object.assign({}, ...all.map((f) => f.counters)) as Record<string, number>;
  }

  /** Deadlines that still wait: none when nothing is in flight. */
  get timers(): number {
    return this.worker.runtime.wheel.size;
  }

  async close(): Promise<void> {
    this.worker.close();
    await this.up.close();
    await this.other.close();
  }
}
