import { H } from "../../core/header-id";
import { HeaderList } from "../../core/header-list";
import type { MessageSink } from "../../http1/parser";
import { ResponseParser } from "../../http1/response-parser";
import { requestHead } from "../../http1/writer";
import type { Dialer, Transport, TransportSink } from "../../net/transport";
import type { ProbeConfig } from "./config";

/** `failed`: it answered, but not as expected; `unreachable`: it did not answer. */
export type ProbeResult = "passed" | "failed" | "unreachable";

export interface ProbeTarget {
  readonly dialer: Dialer;
  readonly address: string;
  readonly port: number;
  /** For the Host field. */
  readonly authority: string;
}

/** A health check's answer may carry no more than this. */
const limits = { headBytes: 60 * 1024, headers: 100 };

/** Asks one host for its health, over a connection of its own that may be kept from check to check. */
export class Probe implements TransportSink, MessageSink {
  private transport: Transport | undefined;
  private dialing: { destroy(): void } | undefined;
  private readonly parser = new ResponseParser(this, limits);
  private readonly headers = new HeaderList();
  private waiting = false;

  constructor(
    private readonly config: ProbeConfig,
    private readonly reuse: boolean,
    private readonly told: (result: ProbeResult) => void,
  ) {}

  /** Begins a check; `told` is called once, unless `cancel` is. */
  start(target: ProbeTarget): void {
    this.waiting = true;
    if (this.transport !== undefined && !this.transport.destroyed && this.config.kind === "http")
      return this.ask(target.authority);
    this.drop();
    const dialing = target.dialer.dial(target.address, target.port, this, (_error, transport) => {
      if (!this.waiting || this.dialing !== dialing) return transport?.destroy();
      this.dialing = undefined;
      if (transport === undefined) return this.tell("unreachable");
      this.transport = transport;
      if (this.config.kind === "http") this.ask(target.authority);
      else this.tell("passed");
    });
    this.dialing = dialing;
  }

  /** Gives up; the connection is not used again. */
  cancel(): void {
    this.waiting = false;
    this.drop();
  }

  private ask(authority: string): void {
    if (this.config.kind !== "http") return;
    const { method, path, host } = this.config;
    this.headers.reset();
    this.headers.add(H.Host, "host", host === "" ? authority : host);
    this.headers.add(0, "user-agent", "Envoy/HC");
    if (!this.reuse) this.headers.add(H.Connection, "connection", "close");
    const head = requestHead(method, path, this.headers);
    this.headers.reset();
    this.parser.expect(method, this.headers);
    this.transport?.write(head);
  }

  private tell(result: ProbeResult): void {
    if (!this.waiting) return;
    this.waiting = false;
    if (result !== "passed" || !this.reuse || this.config.kind === "tcp") this.drop();
    this.told(result);
  }

  private drop(): void {
    const { transport, dialing } = this;
    this.transport = this.dialing = undefined;
    dialing?.destroy();
    transport?.destroy();
  }

  onData(data: Buffer, length: number): void {
    // Bytes that nobody asked for: such a connection is not believed.
    if (!this.waiting) return this.drop();
    let at = 0;
    while (at < length && this.waiting) {
      at = this.parser.execute(data, at, length);
      if (this.parser.failed) return this.tell("unreachable");
      if (!this.parser.done) continue;
      if (this.parser.status >= 200) return this.judge(at < length);
      if (this.parser.status === 101) return this.tell("failed");
      this.parser.again();
    }
  }

  private judge(leftOver: boolean): void {
    const { status, headers } = this.parser;
    const closes = leftOver || this.parser.minor === 0 || /\bclose\b/i.test(headers.joined(H.Connection) ?? "");
    const passed =
      this.config.kind === "http" && this.config.expected.some(([from, to]) => status >= from && status < to);
    if (closes) this.drop();
    this.tell(passed ? "passed" : "failed");
  }

  onEnd(): void {
    if (this.waiting && this.parser.inBody && this.parser.finish() && this.parser.done) this.judge(true);
    else this.lost();
  }

  onClose(): void {
    this.lost();
  }

  private lost(): void {
    this.drop();
    this.tell("unreachable");
  }

  onHead(): void {}
  onBody(): void {}
  onMessageEnd(): void {}
  onDrain(): void {}
}
