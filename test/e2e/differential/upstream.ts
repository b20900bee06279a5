import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import type { Answer } from "./setup";
import { field, takeRequest, type Message } from "./wire";

/** What arrived: at which host, and the request. */
export interface Arrival {
  readonly host: string;
  readonly message: Message;
}

/** A request that names no case. */
const stray = "stray";

/** Upstream hosts that do as the running case says, and remember what came, case by case. */
export class Upstreams {
  readonly ports: Record<string, number> = {};
  private readonly servers: Server[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly arrivals = new Map<string, Arrival[]>();
  private readonly answers = new Map<string, readonly Answer[]>();

  static async start(names: readonly string[]): Promise<Upstreams> {
    const upstreams = new Upstreams();
    for (const name of names) await upstreams.listen(name);
    // tcpmux: nobody listens there, and no ephemeral port is ever it.
    upstreams.ports.dead = 1;
    return upstreams;
  }

  private async listen(name: string): Promise<void> {
    const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => this.serve(name, socket));
    this.servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.ports[name] = (server.address() as AddressInfo).port;
  }

  private serve(host: string, socket: Socket): void {
    let text = "";
    let echo = false;
    this.sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("end", () => socket.end());
    socket.on("close", () => this.sockets.delete(socket));
    socket.on("data", (data) => {
      if (echo) return void socket.write(data);
      text += data.toString("latin1");
      for (let taken = takeRequest(text); taken !== undefined; taken = takeRequest(text)) {
        text = taken.rest;
        const name = field(taken.message, "x-case") ?? stray;
        const seen = this.arrivals.get(name) ?? [];
        this.arrivals.set(name, seen);
        seen.push({ host, message: taken.message });
        const answers = this.answers.get(name) ?? [];
        const answer = answers[Math.min(seen.length, answers.length) - 1] ?? {};
        echo = typeof answer === "object" && "raw" in answer && answer.then === "echo";
        give(answer, socket, host, taken.message);
        if (!echo) continue;
        if (text !== "") socket.write(text, "latin1");
        return;
      }
    });
  }

  /** From now on tries of this case are answered so. */
  expect(name: string, answers: readonly Answer[]): void {
    this.answers.set(name, answers);
  }

  arrived(name: string): readonly Arrival[] {
    return this.arrivals.get(name) ?? [];
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    for (const server of this.servers) server.close();
  }
}

function give(answer: Answer, socket: Socket, host: string, message: Message): void {
  if (answer === "hang") return;
  if (answer === "reset") return void socket.resetAndDestroy();
  if (answer === "close") return void socket.end();
  if ("raw" in answer) {
    socket.write(answer.raw, "latin1");
    if (answer.then === "close") socket.end();
    return;
  }
  const { status = 200, body = `from ${host}`, headers = {}, delay = 0, chunked = false, trailers = {} } = answer;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const bodiless = status === 204 || status === 304 || message.start.startsWith("HEAD ");
  lines.push(chunked ? "transfer-encoding: chunked\r\n" : status === 204 ? "" : `content-length: ${body.length}\r\n`);
  const tail = Object.entries(trailers).map(([name, value]) => `${name}: ${value}\r\n`);
  const whole = chunked ? `${body.length.toString(16)}\r\n${body}\r\n0\r\n${tail.join("")}\r\n` : body;
  const text = `HTTP/1.1 ${status} Status\r\n${lines.join("")}\r\n${bodiless ? "" : whole}`;
  if (delay === 0) socket.write(text, "latin1");
  else setTimeout(() => socket.writable && socket.write(text, "latin1"), delay);
}
