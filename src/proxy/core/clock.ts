/** Time as the proxy sees it: monotonic for every deadline, wall time only where a date is printed. */
export interface Clock {
  /** Monotonic milliseconds, fractions included. Never goes back. */
  now(): number;
  /** Wall time in milliseconds since 1970. */
  wall(): number;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
};

/** One pending wake-up, as `setTimeout` gives it; a test passes its own. */
export interface Alarm {
  /** Wakes `ring` once after `ms`, replacing an earlier setting. */
  set(ms: number, ring: () => void): void;
  clear(): void;
}

/** Node turns a delay above this into 1 ms. */
const longest = 2 ** 31 - 1;

/** An alarm on `setTimeout`. It does not keep the process alive. */
export class SystemAlarm implements Alarm {
  private timer: NodeJS.Timeout | undefined;
  set(ms: number, ring: () => void): void {
    if (this.timer !== undefined) clearTimeout(this.timer);
    this.timer = setTimeout(ring, Math.min(Math.max(ms, 1), longest)).unref();
  }
  clear(): void {
    if (this.timer !== undefined) clearTimeout(this.timer);
    this.timer = undefined;
  }
}
