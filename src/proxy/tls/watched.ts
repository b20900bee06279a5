import { statSync, watch } from "node:fs";
import { dirname } from "node:path";
import type { PemSource } from "./settings";

/** The outside world of secrets, passed in so that a test can turn the clock and hold the files. */
export interface SecretIo {
  readFile(path: string): string;
  /** Calls `changed` whenever something in the directory may have changed. Gives a function that stops it. */
  watchDirectory(path: string, changed: () => void): () => void;
  /** Calls `run` after `ms`. Gives a function that cancels it. */
  after(ms: number, run: () => void): () => void;
  warn(message: string): void;
}

/** Watches by notification; keeps no process alive. A directory that goes is watched again by the caller's retry. */
export function watchDirectory(path: string, changed: () => void): () => void {
  statSync(path);
  const watcher = watch(path, { persistent: false }, changed);
  watcher.on("error", changed);
  return () => watcher.close();
}

/** Changes come in bursts: a volume writes several files, then renames a link. */
const settleMs = 50;
const retryMs = [200, 1_000, 5_000, 15_000];

/**
 * A value read from files. It is read at once (an error is thrown), and again after each change; a value that cannot be read
 * or is refused by `load` leaves the old one in force and is tried again, since files are replaced one after another.
 */
export class Watched<T> {
  private value: T;
  private count = 1;
  private fingerprint: string;
  private stops: (() => void)[] = [];
  private cancel: (() => void) | undefined;
  private attempts = 0;
  private readonly listeners = new Set<() => void>();

  /** `load` gives the value and a fingerprint of what it was made from; equal fingerprints are no change. */
  constructor(
    private readonly what: string,
    private readonly load: () => { readonly value: T; readonly fingerprint: string },
    directories: Iterable<string>,
    private readonly io: SecretIo,
  ) {
    ({ value: this.value, fingerprint: this.fingerprint } = load());
    for (const directory of new Set(directories))
      this.stops.push(io.watchDirectory(directory, () => this.schedule(settleMs)));
  }

  get current(): T {
    return this.value;
  }

  /** Rises by one with every change. */
  get generation(): number {
    return this.count;
  }

  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  close(): void {
    for (const stop of this.stops) stop();
    this.stops = [];
    this.cancel?.();
    this.listeners.clear();
  }

  private schedule(ms: number): void {
    this.cancel?.();
    this.cancel = this.io.after(ms, () => this.reload());
  }

  private reload(): void {
    this.cancel = undefined;
    try {
      const { value, fingerprint } = this.load();
      this.attempts = 0;
      if (fingerprint === this.fingerprint) return;
      this.value = value;
      this.fingerprint = fingerprint;
      this.count++;
    } catch (error) {
      const delay = retryMs[Math.min(this.attempts++, retryMs.length - 1)] as number;
      const reason = error instanceof Error ? error.message : String(error);
      this.io.warn(`${this.what} cannot be used, the old one stays in force: ${reason}`);
      this.schedule(delay);
      return;
    }
    for (const listener of this.listeners) listener();
  }
}

export function directoriesOf(sources: readonly PemSource[]): string[] {
  return sources.flatMap((s) => ("filename" in s ? [dirname(s.filename)] : []));
}
