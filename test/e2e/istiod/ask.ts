import { request } from "node:http";
import type { Ask } from "./case";
import { type Arrival, KEY, type Upstreams } from "./upstream";

/** One side's way to a service. */
export interface Way {
  readonly name: string;
  readonly to: (self: string) => { readonly host: string; readonly port: number };
}

/** What one request came to, as plain data in which equal means equal. */
export interface Outcome {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly upstream: readonly Arrival[];
  readonly slow: boolean;
}

/**
 * Headers that tell of the proxy rather than of the route, by design different: Istio's sidecar names itself and its
 * workload and traces every request; the bundled one forwards the address it saw.
 */
const OWN =
  /^(date|server|via|connection|keep-alive|x-envoy-.*|x-forwarded-(for|proto)|x-request-id|x-b3-.*|traceparent|tracestate|x-request-key)$/;

const compared = (headers: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !OWN.test(name))
      .map(([name, value]) => [name, String(value)]),
  );

/** Copies are sent on the way, so they may arrive after the answer. */
const SETTLE_MS = 100;
const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
let sent = 0;

export async function put(
  way: Way,
  upstreams: Upstreams,
  self: string,
  { path, ...rest }: Ask,
  settle = true,
): Promise<Outcome> {
  const key = `${way.name}-${(sent += 1)}`;
  const host = (rest.host ?? "{self}.e2e.svc.cluster.local").replace("{self}", self);
  const started = performance.now();
  const answer = await exchange(way.to(self), rest.method ?? "GET", path, { ...rest.headers, host, [KEY]: key });
  const took = performance.now() - started;
  if (settle) await sleep(SETTLE_MS);
  const upstream = upstreams.arrivals(key).map((arrival) => ({ ...arrival, headers: compared(arrival.headers) }));
  // Timers may fire a moment early.
  return { ...answer, headers: compared(answer.headers), upstream, slow: took >= (rest.slow ?? 0) - 5 };
}

function exchange(
  at: { readonly host: string; readonly port: number },
  method: string,
  path: string,
  headers: Readonly<Record<string, string | readonly string[]>>,
): Promise<{ status: number; body: string; headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const list = Object.entries(headers).flatMap(([name, value]) =>
      typeof value === "string" ? [name, value] : value.flatMap((each) => [name, each]),
    );
    const outgoing = request({ ...at, method, path, headers: list, setHost: false, agent: false }, (incoming) => {
      let body = "";
      incoming.setEncoding("latin1").on("data", (chunk: string) => (body += chunk));
      incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, body, headers: { ...incoming.headers } }));
      incoming.on("error", reject);
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}
