import { closeSync, openSync, renameSync, statSync, writeSync } from "node:fs";

/** A log is two files at most: this many bytes, and as many before. */
const MAX_BYTES = 8 * 1024 * 1024;
const KEPT_LINES = 20;

/** What a process wrote, in a bounded file; the last lines are also kept for messages. */
export class LogFile {
  private descriptor: number;
  private size: number;
  private tail: string[] = [];
  private partial = "";

  constructor(readonly path: string) {
    this.descriptor = openSync(path, "a", 0o600);
    this.size = statSync(path).size;
  }

  write(chunk: Buffer): void {
    if (this.descriptor < 0) return;
    if (this.size + chunk.length > MAX_BYTES) this.rotate();
    try {
      writeSync(this.descriptor, chunk);
      this.size += chunk.length;
    } catch {
      // A full disk must not end the mesh; the line is lost, the tail below still has it.
    }
    const lines = (this.partial + chunk.toString("utf8")).split("\n");
    this.partial = (lines.pop() ?? "").slice(-4096);
    if (lines.length > 0) this.tail = [...this.tail, ...lines].slice(-KEPT_LINES);
  }

  /** The last lines written, for a message about what went wrong. */
  lastLines(): string[] {
    return [...this.tail, ...(this.partial === "" ? [] : [this.partial])].filter((line) => line.trim() !== "");
  }

  forget(): void {
    this.tail = [];
    this.partial = "";
  }

  close(): void {
    if (this.descriptor >= 0) closeSync(this.descriptor);
    this.descriptor = -1;
  }

  private rotate(): void {
    closeSync(this.descriptor);
    renameSync(this.path, `${this.path}.1`);
    this.descriptor = openSync(this.path, "a", 0o600);
    this.size = 0;
  }
}
