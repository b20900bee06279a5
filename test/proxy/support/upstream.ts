import { createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** What a scripted upstream does with the bytes of one connection. */
export type Script = (received: string, socket: Socket, connection: number) => void;

/** A raw TCP server on loopback that does what a test says with whole heads, and remembers all bytes. */
export class RawUpstream {
  private server!: Server;
  readonly sockets = new Set<Socket>();
  connections = 0;
  /** Bytes received, by connection in the order of accepting. */
  readonly received: string[] = [];
  script: Script = () => undefined;

  static async start(script: Script): Promise<RawUpstream> {
    const upstream = new RawUpstream();
    upstream.script = script;
    await upstream.listen(0);
    return upstream;
  }

  private async listen(port: number): Promise<void> {
    this.server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
      const index = this.connections++;
      this.received.push("");
      this.sockets.add(socket);
      socket.on("data", (data) => {
        this.received[index] += data.toString("latin1");
        this.script(data.toString("latin1"), socket, index);
      });
      socket.on("end", () => socket.end());
      socket.on("error", () => undefined);
      socket.on("close", () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => this.server.listen(port, "127.0.0.1", resolve));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

export function response(body: string, head = "HTTP/1.1 200 OK"): string {
  return `${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** Answers every request head with `body`. */
export function answering(body: string): Script {
  return (received, socket) => {
    for (let i = received.split("\r\n\r\n").length - 1; i > 0; i--) socket.write(response(body));
  };
}
