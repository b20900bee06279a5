import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A raw client connection: writes bytes as they are and collects what comes. */
export class RawClient {
  received = "";
  ended = false;
  closed = false;
  private constructor(readonly socket: Socket) {
    socket.on("data", (data) => (this.received += data.toString("latin1")));
    socket.on("end", () => (this.ended = true));
    socket.on("error", () => undefined);
    socket.on("close", () => (this.closed = true));
  }

  static of(socket: Socket): RawClient {
    return new RawClient(socket);
  }

  static async open(port: number, allowHalfOpen = false): Promise<RawClient> {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true, allowHalfOpen });
    const client = new RawClient(socket);
    await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    return client;
  }

  send(text: string): this {
    this.socket.write(text, "latin1");
    return this;
  }

  /** Waits until `text` has come; fails with what came instead. */
  async until(text: string | RegExp): Promise<string> {
    await eventually(
      () => (typeof text === "string" ? this.received.includes(text) : text.test(this.received)),
      () => `'${text}' did not come; got ${JSON.stringify(this.received)}`,
    );
    return this.received;
  }

  async untilClosed(): Promise<string> {
    await eventually(
      () => this.closed || this.ended,
      () => `the connection did not close; got ${JSON.stringify(this.received)}`,
    );
    return this.received;
  }

  /** Goes away with RST: unlike FIN, it says that nobody waits for an answer. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Waits for a condition to hold, a few seconds at most. */
export async function eventually(holds: () => boolean, message: () => string = () => "it never held"): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (holds()) return;
    await sleep(5);
  }
  throw new Error(message());
}
