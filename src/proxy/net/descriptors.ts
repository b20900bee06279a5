import { readFileSync } from "node:fs";

/** Kept back for files, DNS, the admin port and what Node itself needs. */
const spare = 64;

/**
 * Client connections that this process has descriptors for, with one upstream connection each. libuv closes an accepted
 * connection at once when descriptors run out, so the listeners refuse below that. Infinity where no limit can be read.
 */
export function connectionLimit(limits = readLimits): number {
  const soft = /^Max open files\s+(\d+|unlimited)/m.exec(limits())?.[1];
  if (soft === undefined || soft === "unlimited") return Infinity;
  return Math.max(1, Math.floor((Number(soft) - spare) / 2));
}

function readLimits(): string {
  try {
    return readFileSync("/proc/self/limits", "latin1");
  } catch {
    return "";
  }
}
