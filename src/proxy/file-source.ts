import { watch, type FSWatcher } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Changes come in bursts: a file is written in pieces, or replaced by a rename. */
const settleMs = 50;

/** A configuration file that may change. The directory is watched, since a mounted volume changes by renaming a link. */
export class FileSource {
  private watcher: FSWatcher | undefined;
  private timer: NodeJS.Timeout | undefined;
  private last: string | undefined;

  constructor(
    readonly path: string,
    private readonly changed: (text: string) => void,
    private readonly failed: (error: Error) => void,
  ) {}

  async read(): Promise<string> {
    this.last = await this.now();
    return this.last;
  }
  private now(): Promise<string> {
    return readFile(this.path, "utf8");
  }

  watch(): void {
    this.watcher = watch(dirname(this.path), { persistent: false }, () => this.schedule());
    this.watcher.on("error", (error) => this.failed(error as Error));
  }

  /** Looks at the file soon; tells only what differs from what was read last. */
  schedule(ms = settleMs): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), ms).unref();
  }

  private async look(): Promise<void> {
    try {
      const text = await this.now();
      // Compared once it is read: two looks may be under way, and one change is told once.
      if (text === this.last) return;
      this.last = text;
      this.changed(text);
    } catch (error) {
      // Between a removal and the new file's rename there is none: the rename is told again.
      this.failed(error as Error);
    }
  }

  close(): void {
    clearTimeout(this.timer);
    this.watcher?.close();
  }
}
