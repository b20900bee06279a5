import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { problem } from "./problem";
import type { StateDir } from "./state";

const POLL_MS = 200;
const CHUNK_BYTES = 64 * 1024;

/**
 * The logs that a name means: itself, or everything of the workload, or of all whose name begins with it and a dash.
 * @throws Problem MESH3012 where there is none.
 */
export function logsNamed(state: StateDir, name: string): string[] {
  const all = state.logs();
  const found = all.includes(name) ? [name] : all.filter((log) => log.startsWith(`${name}-`));
  if (found.length > 0) return found;
  throw problem(
    "MESH3012",
    "",
    `nothing in mesh "${state.mesh}" is named ${name}`,
    all.length > 0 ? `There are ${all.join(", ")}.` : "Nothing of this mesh has run here.",
  );
}

/** Reads a log from where it was left; a file that was replaced meanwhile is read from its start. */
class Tail {
  private descriptor: number;
  private offset = 0;

  constructor(private readonly path: string) {
    this.descriptor = openSync(path, "r");
  }

  read(write: (chunk: Buffer) => void): void {
    this.drain(write);
    try {
      if (statSync(this.path).ino === fstatSync(this.descriptor).ino) return;
    } catch {
      return;
    }
    closeSync(this.descriptor);
    this.descriptor = openSync(this.path, "r");
    this.offset = 0;
    this.drain(write);
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private drain(write: (chunk: Buffer) => void): void {
    const buffer = Buffer.alloc(CHUNK_BYTES);
    for (;;) {
      const size = readSync(this.descriptor, buffer, 0, CHUNK_BYTES, this.offset);
      if (size === 0) return;
      this.offset += size;
      write(Buffer.from(buffer.subarray(0, size)));
    }
  }
}

/** Writes logs as they are; with `until`, goes on as they grow until that resolves. */
export async function readLogs(
  state: StateDir,
  names: readonly string[],
  write: (name: string, chunk: Buffer) => void,
  until?: AbortSignal,
): Promise<void> {
  const tails = names.map((name) => ({ name, tail: new Tail(state.log(name)) }));
  const round = (): void => {
    for (const { name, tail } of tails) tail.read((chunk) => write(name, chunk));
  };
  round();
  while (until !== undefined && !until.aborted) {
    await sleep(POLL_MS);
    round();
  }
  for (const { tail } of tails) tail.close();
}
