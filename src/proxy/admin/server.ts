import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { RE2JS } from "re2js";
import type { ProxyView } from "../core/view";
import { Exposition } from "../telemetry/prometheus";
import { gatherStats, writeStats, type Stat } from "../telemetry/stats";
import { clustersJson, clustersText } from "./clusters";
import { configDump, serverInfo } from "./dump";

/** What the admin server may do and show. Everything comes through here, so that it knows no worker and no message. */
export interface AdminProvider {
  readonly view: ProxyView;
  /** Shown by /server_info: `meshup/0.1.0`. */
  readonly version: string;
  uptimeSeconds(): number;
  /** The configuration in force as proto3 JSON, secrets redacted. */
  bootstrapJson(): unknown;
  /** Adds metrics that are not Envoy's own to /stats/prometheus. */
  writeMetrics(out: Exposition): void;
  logLevel(): string;
  /** False where there is no such level. */
  setLogLevel(level: string): boolean;
  /** Begins to drain and end the proxy, as SIGTERM does. */
  quit(): void;
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}
type Handler = (query: URLSearchParams) => Reply;
interface Route {
  readonly post?: boolean;
  readonly about: string;
  readonly handle: Handler;
}

const text = (body: string, status = 200): Reply => ({ status, type: "text/plain; charset=UTF-8", body });
const json = (value: object): Reply => ({
  status: 200,
  type: "application/json",
  body: `${JSON.stringify(value, null, 1)}\n`,
});

/** Envoy's admin interface: the same paths, the same shapes. What changes something wants POST, as in Envoy. */
export class AdminServer {
  private readonly server: Server;
  private readonly routes: ReadonlyMap<string, Route>;

  constructor(private readonly provider: AdminProvider) {
    this.routes = new Map(Object.entries(this.table()));
    this.server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (req, res) => this.serve(req, res));
    this.server.maxConnections = 64;
  }

  /** Resolves with the address once it listens; rejects where the port cannot be had. */
  listen(address: string, port: number): Promise<{ readonly address: string; readonly port: number }> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, address, () => {
        this.server.off("error", reject);
        resolve(this.server.address() as AddressInfo);
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private table(): Record<string, Route> {
    const { provider } = this;
    return {
      "/clusters": {
        about: "upstream cluster status; ?format=json",
        handle: (query) =>
          query.get("format") === "json" ? json(clustersJson(provider.view)) : text(clustersText(provider.view)),
      },
      "/config_dump": {
        about: "the configuration in force",
        handle: () => {
          const { loadedAt, version } = provider.view.config();
          return json(configDump(provider.bootstrapJson(), loadedAt, version));
        },
      },
      "/help": { about: "print out list of admin commands", handle: () => text(this.help()) },
      "/listeners": { about: "listeners and their addresses; ?format=json", handle: (query) => this.listeners(query) },
      "/logging": { about: "query/change logging level: ?level=", post: true, handle: (query) => this.logging(query) },
      "/quitquitquit": {
        about: "drain and exit the server",
        post: true,
        handle: () => {
          // After the answer has left.
          setImmediate(() => provider.quit());
          return text("OK\n");
        },
      },
      "/ready": {
        about: "print server state, return 200 if LIVE, otherwise return 503",
        handle: () => text(`${provider.view.state}\n`, provider.view.state === "LIVE" ? 200 : 503),
      },
      "/server_info": {
        about: "version and status",
        handle: () =>
          json(serverInfo(provider.view, provider.version, provider.uptimeSeconds(), provider.bootstrapJson())),
      },
      "/stats": {
        about: "server stats; ?filter=REGEX ?usedonly ?format=json|prometheus",
        handle: (q) => this.stats(q),
      },
      "/stats/prometheus": {
        about: "server stats in prometheus format",
        handle: (query) => this.prometheus(this.select(query)),
      },
    };
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    const [path = "/", search = ""] = (request.url ?? "/").split("?", 2);
    const reply = this.reply(request.method ?? "", path === "/" ? "/help" : path, new URLSearchParams(search));
    const headers = {
      "content-type": reply.type,
      "cache-control": "no-cache, max-age=0",
      "x-content-type-options": "nosniff",
    };
    response.writeHead(reply.status, { ...headers, "content-length": Buffer.byteLength(reply.body) });
    response.end(request.method === "HEAD" ? undefined : reply.body);
  }

  private reply(method: string, path: string, query: URLSearchParams): Reply {
    const route = this.routes.get(path);
    if (!route) return text(`invalid path. admin commands are:\n${this.help()}`, 404);
    const allowed = route.post ? ["POST"] : ["GET", "HEAD", "POST"];
    if (!allowed.includes(method)) return text(`Method ${method} not allowed, ${allowed[0]} required.\n`, 405);
    try {
      return route.handle(query);
    } catch (error) {
      return text(`${(error as Error).message}\n`, error instanceof BadQuery ? 400 : 500);
    }
  }

  private stats(query: URLSearchParams): Reply {
    const stats = this.select(query);
    const format = query.get("format") ?? "text";
    if (format === "prometheus") return this.prometheus(stats);
    if (format === "json") return json({ stats: stats.map(({ name, value }) => ({ name, value })) });
    if (format !== "text") throw new BadQuery("usage: /stats?format=text|json|prometheus");
    return text(stats.map(({ name, value }) => `${name}: ${value}\n`).join(""));
  }

  private select(query: URLSearchParams): Stat[] {
    let stats = gatherStats(this.provider.view, this.provider.uptimeSeconds());
    const filter = query.get("filter");
    if (filter) {
      const pattern = compilePattern(filter);
      stats = stats.filter(({ name }) => pattern.matcher(name).find());
    }
    if (query.has("usedonly")) stats = stats.filter(({ value }) => value !== 0);
    return stats.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  private prometheus(stats: readonly Stat[]): Reply {
    const out = new Exposition();
    writeStats(stats, out);
    this.provider.writeMetrics(out);
    return { status: 200, type: "text/plain; version=0.0.4; charset=utf-8", body: out.toString() };
  }

  private listeners(query: URLSearchParams): Reply {
    const all = [...this.provider.view.listeners()];
    if (query.get("format") !== "json")
      return text(all.map(({ name, address, port }) => `${name}::${address}:${port}\n`).join(""));
    const status = all.map(({ name, address, port }) => ({
      name,
      local_address: { socket_address: { address, port_value: port } },
    }));
    return json({ listener_statuses: status });
  }

  private logging(query: URLSearchParams): Reply {
    const level = query.get("level");
    if (level !== null && !this.provider.setLogLevel(level))
      throw new BadQuery(`unknown logging level: ${level.slice(0, 40)}`);
    return text(`active loggers:\n  meshup: ${this.provider.logLevel()}\n`);
  }

  private help(): string {
    const lines = [...this.routes].map(([path, { about, post }]) => `  ${path}${post ? " (POST)" : ""}: ${about}\n`);
    return `admin commands are:\n${lines.join("")}`;
  }
}

/** The caller's mistake: 400. */
class BadQuery extends Error {}

/** RE2, so that no pattern can stall the process that carries the traffic. */
function compilePattern(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch {
    throw new BadQuery("filter: invalid regular expression");
  }
}
