import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as an upstream saw it; names in lower case, repeated ones joined. */
export interface Arrival {
  readonly version: string;
  readonly line: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Tells the arrivals of one request from those of all others; copies and retries carry it too. */
export const KEY = "x-request-key";

/**
 * One server for each version, on an address of its own. `x-fail: 503,500` answers the first tries so, `x-delay: 300,0` lets
 * tries wait for milliseconds, `x-reset: 1` cuts that many tries off.
 */
export class Upstreams {
  private constructor(
    readonly addresses: Readonly<Record<string, { readonly address: string; readonly port: number }>>,
    private readonly servers: readonly Server[],
    private readonly seen: Map<string, Arrival[]>,
  ) {}

  static async start(versions: readonly string[]): Promise<Upstreams> {
    const seen = new Map<string, Arrival[]>();
    const servers: Server[] = [];
    const addresses: Record<string, { address: string; port: number }> = {};
    for (const [index, version] of versions.entries()) {
      const address = `127.0.1.${index + 1}`;
      const server = createServer({ keepAliveTimeout: 0 }, (request, response) =>
        serve(version, seen, request, response),
      );
      await new Promise<void>((done) => server.listen(0, address, done));
      servers.push(server);
      addresses[version] = { address, port: (server.address() as AddressInfo).port };
    }
    return new Upstreams(addresses, servers, seen);
  }

  /** What has arrived of a request by now, versions apart so that a copy's moment does not matter. */
  arrivals(key: string): readonly Arrival[] {
    return [...(this.seen.get(key) ?? [])].sort((a, b) => a.version.localeCompare(b.version));
  }

  close(): void {
    for (const server of this.servers) {
      server.close();
      server.closeAllConnections();
    }
  }
}

function serve(
  version: string,
  seen: Map<string, Arrival[]>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  request.resume();
  const of = (name: string): string[] =>
    String(request.headers[name] ?? "")
      .split(",")
      .filter(Boolean);
  const key = String(request.headers[KEY] ?? "");
  const tries = seen.get(key) ?? [];
  seen.set(key, tries);
  const index = tries.filter((arrival) => arrival.version === version).length;
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  tries.push({ version, line: `${request.method} ${request.url}`, headers });
  if (index < Number(request.headers["x-reset"] ?? 0)) return void request.socket.resetAndDestroy();
  const status = Number(of("x-fail")[index] ?? 200);
  const answer = (): void => {
    if (response.destroyed) return;
    response.writeHead(status, {
      "content-type": "text/plain",
      "x-up": "here",
      "x-drop": "gone",
      "x-twice": "first",
      "x-version": version,
    });
    response.end(`${version} ${status}`);
  };
  const delays = of("x-delay");
  const delay = Number(delays[Math.min(index, delays.length - 1)] ?? 0);
  if (delay > 0) setTimeout(answer, delay).unref();
  else answer();
}
