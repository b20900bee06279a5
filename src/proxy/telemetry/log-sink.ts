import { createWriteStream, type WriteStream } from "node:fs";
import type { Writable } from "node:stream";

const flushBytes = 64 * 1024;
const flushMs = 1_000;
/** When the reader or the disk stops, lines beyond this are dropped and counted; the proxy goes on. */
const maxPending = 4 * 1024 * 1024;

/** Lines, gathered and written in large pieces. Memory is bounded whatever the other end does. */
export class LogSink {
  /** Lines that were thrown away because too many waited. */
  dropped = 0;
  private lines = "";
  private inFlight = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly out: Writable) {
    out.on("error", () => undefined); // A full disk ends no request; what is lost shows in `dropped`.
  }

  write(line: string): void {
    if (this.inFlight + this.lines.length + line.length > maxPending) {
      this.dropped++;
      return;
    }
    this.lines += line;
    if (this.lines.length >= flushBytes) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), flushMs).unref();
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { lines } = this;
    if (lines === "") return;
    this.lines = "";
    this.inFlight += lines.length;
    this.out.write(lines, (error) => {
      this.inFlight -= lines.length;
      if (error) this.dropped += lines.split("\n").length - 1;
    });
  }

  /** Writes what waits, then ends the stream unless it is standard output. */
  close(): void {
    this.flush();
    if (this.out !== process.stdout) this.out.end();
  }
}

/** Appends to a file; what cannot be opened shows as dropped lines. */
export function fileSink(path: string): LogSink {
  const stream: WriteStream = createWriteStream(path, { flags: "a" });
  return new LogSink(stream);
}
