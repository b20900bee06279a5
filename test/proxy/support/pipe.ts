import type { Dialed, Dialer, Transport, TransportSink } from "../../../src/proxy/net/transport";

/** One end of a connection in memory: the test is the other end. */
export class PipeTransport implements Transport {
  written = "";
  destroyed = false;
  ended = false;
  paused = false;
  readonly unsent = 0;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress = "127.0.0.1";
  readonly localPort = 40_000;
  readonly secure = false;
  readonly serverName = "";
  readonly peer = undefined;
  readonly local = undefined;

  constructor(
    public sink: TransportSink,
    address: string,
    port: number,
  ) {
    this.remoteAddress = address;
    this.remotePort = port;
  }

  write(data: string | Buffer): boolean {
    this.written += typeof data === "string" ? data : data.toString("latin1");
    return true;
  }
  pause(): void {
    this.paused = true;
  }
  resume(): void {
    this.paused = false;
  }
  end(): void {
    this.ended = true;
  }
  destroy(): void {
    this.destroyed = true;
  }
  reset(): void {
    this.destroyed = true;
  }

  /** The other end sends. */
  receive(text: string): void {
    const data = Buffer.from(text, "latin1");
    this.sink.onData(data, data.length);
  }
  /** The other end closes. */
  close(): void {
    this.destroyed = true;
    this.sink.onClose();
  }
}

/** Dials in memory: the test answers each call, or all at once. */
export class PipeDialer implements Dialer {
  readonly pipes: PipeTransport[] = [];
  /** Calls not yet answered. */
  readonly pending: (() => void)[] = [];
  /** What becomes of a call; `hang`: the test decides. */
  mode: "accept" | "refuse" | "hang" = "accept";

  dial(address: string, port: number, sink: TransportSink, connected: Dialed): { destroy(): void } {
    const pipe = new PipeTransport(sink, address, port);
    const mode = this.mode;
    this.pending.push(() => {
      if (mode === "refuse") return connected(new Error("refused"), undefined);
      this.pipes.push(pipe);
      connected(undefined, pipe);
    });
    return { destroy: () => undefined };
  }

  /** Lets what was dialled happen, except under `hang`. */
  settle(): void {
    if (this.mode === "hang") return;
    for (const call of this.pending.splice(0)) call();
  }

  get last(): PipeTransport {
    const pipe = this.pipes.at(-1);
    if (pipe === undefined) throw new Error("nothing was dialled");
    return pipe;
  }
}
