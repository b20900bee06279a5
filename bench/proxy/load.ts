import { connect as tcpConnect, type Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { readFileSync } from "node:fs";

/** One load phase: closed loop (as fast as answers come) or open loop (a fixed rate, in bursts). */
export interface LoadPlan {
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  readonly warmupMs: number;
  readonly windowMs: number;
  /** Requests a second; absent: closed loop. */
  readonly rate?: number;
  /** Milliseconds between two bursts of an open loop; the rate is kept. Default 1. */
  readonly burstEveryMs?: number;
  readonly tls?: { readonly ca: string; readonly cert: string; readonly key: string };
}
export interface LoadResult {
  readonly completed: number;
  readonly errors: number;
  readonly windowMs: number;
  /** From the time a request was due, not from the time it could be sent. */
  readonly latencyMs: { readonly p50: number; readonly p90: number; readonly p99: number; readonly max: number };
}

/** What a client asks: seven header fields, some 240 bytes. */
export const request = (path: string): Buffer =>
  Buffer.from(
    `GET ${path} HTTP/1.1\r\nhost: bench.example\r\nuser-agent: bench/1.0\r\naccept: */*\r\n` +
      "accept-encoding: gzip\r\nx-tenant: blue\r\ncookie: session=0123456789abcdef\r\nx-trace: 7a9c1d\r\n\r\n",
    "latin1",
  );
const REQUEST = request("/v1/items/42");

class Connection {
  /** When the outstanding request was due; negative: idle. */
  due = -1;
  private expected = 0;
  private received = 0;
  private head = "";
  constructor(
    readonly socket: Socket,
    private readonly done: (connection: Connection, ok: boolean) => void,
  ) {
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.read(chunk));
  }
  send(due: number): void {
    this.due = due;
    this.received = 0;
    this.head = "";
    this.socket.write(REQUEST);
  }
  private read(chunk: Buffer): void {
    if (this.expected > 0 && this.received + chunk.length < this.expected) {
      this.received += chunk.length;
      return;
    }
    // Every answer has the same length but for the proxy's own headers, so the head is looked at each time.
    this.head = this.head === "" ? chunk.toString("latin1", 0, 2048) : this.head;
    this.received += chunk.length;
    const end = this.head.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = /content-length: (\d+)/i.exec(this.head);
    if (this.received < end + 4 + Number(length?.[1] ?? 0)) return;
    this.done(this, this.head.startsWith("HTTP/1.1 200"));
  }
}

/** Runs one phase and reports the window after the warm-up. `onWindow` is told when the window opens and closes. */
export async function runLoad(plan: LoadPlan, onWindow: (open: boolean) => void): Promise<LoadResult> {
  const latencies: number[] = [];
  let completed = 0;
  let errors = 0;
  let counting = false;
  let stopped = false;
  const idle: Connection[] = [];
  const backlog: number[] = [];
  const done = (connection: Connection, ok: boolean): void => {
    const now = performance.now();
    if (counting) {
      completed++;
      if (!ok) errors++;
      latencies.push(now - connection.due);
    }
    connection.due = -1;
    if (stopped) return;
    if (plan.rate === undefined) connection.send(now);
    else if (backlog.length > 0) connection.send(backlog.shift() as number);
    else idle.push(connection);
  };
  const sockets = await Promise.all(Array.from({ length: plan.connections }, () => connect(plan)));
  const connections = sockets.map((socket) => new Connection(socket, done));
  for (const { socket } of connections)
    socket.on("close", () => {
      if (!stopped) errors++;
    });

  let pacer: NodeJS.Timeout | undefined;
  if (plan.rate === undefined) for (const connection of connections) connection.send(performance.now());
  else {
    idle.push(...connections);
    const start = performance.now();
    let sent = 0;
    const step = plan.burstEveryMs ?? 1;
    pacer = setInterval(() => {
      const slot = Math.floor((performance.now() - start) / step) * step;
      for (const due = start + slot; sent < (slot * (plan.rate as number)) / 1000; sent++) {
        const connection = idle.pop();
        if (connection) connection.send(due);
        else backlog.push(due);
      }
    }, step);
  }
  await sleep(plan.warmupMs);
  counting = true;
  onWindow(true);
  const opened = performance.now();
  await sleep(plan.windowMs);
  counting = false;
  onWindow(false);
  const windowMs = performance.now() - opened;
  stopped = true;
  clearInterval(pacer);
  for (const { socket } of connections) socket.destroy();
  latencies.sort((a, b) => a - b);
  const at = (p: number): number => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * p))] ?? 0;
  return {
    completed,
    errors,
    windowMs,
    latencyMs: { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: latencies.at(-1) ?? 0 },
  };
}

export function connect(plan: Pick<LoadPlan, "host" | "port" | "tls">): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (plan.tls === undefined) {
      const socket = tcpConnect(plan.port, plan.host, () => resolve(socket)).once("error", reject);
      return;
    }
    const { ca, cert, key } = plan.tls;
    const socket = tlsConnect(
      {
        host: plan.host,
        port: plan.port,
        ca: readFileSync(ca),
        cert: readFileSync(cert),
        key: readFileSync(key),
        // The peer is named by a SPIFFE ID, which the proxy's own tests check; here only the load matters.
        checkServerIdentity: () => undefined,
      },
      () => resolve(socket),
    ).once("error", reject);
  });
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
