import { mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const CURRENT = "..data";

/**
 * Replaces a set of files in one step, as Kubernetes does in a volume: they lie in a directory of their own, a symbolic
 * link names the current one, and a rename moves the link. A reader sees all old files or all new ones.
 */
export function publish(directory: string, files: Readonly<Record<string, string>>, generation: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const next = `..${generation}`;
  mkdirSync(join(directory, next), { mode: 0o700 });
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(directory, next, name), content, { mode: 0o600 });
  const old = current(directory);
  const link = join(directory, `${CURRENT}_tmp`);
  rmSync(link, { force: true });
  symlinkSync(next, link);
  renameSync(link, join(directory, CURRENT));
  const there = new Set(readdirSync(directory));
  for (const name of Object.keys(files)) if (!there.has(name)) symlinkSync(join(CURRENT, name), join(directory, name));
  if (old !== undefined && old !== next) rmSync(join(directory, old), { recursive: true, force: true });
}

function current(directory: string): string | undefined {
  try {
    return readlinkSync(join(directory, CURRENT));
  } catch {
    return undefined;
  }
}
