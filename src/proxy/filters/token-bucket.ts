/** Tokens that come back steadily, up to a limit. Full at the start. */
export class TokenBucket {
  private tokens: number;
  private readonly perMs: number;
  private at = -1;

  constructor(
    private readonly max: number,
    tokensPerFill: number,
    fillIntervalMs: number,
  ) {
    this.tokens = max;
    this.perMs = tokensPerFill / fillIntervalMs;
  }

  /** Takes one token; false when there is none. `now`: monotonic milliseconds. */
  take(now: number): boolean {
    if (this.at >= 0 && now > this.at) this.tokens = Math.min(this.max, this.tokens + (now - this.at) * this.perMs);
    this.at = now;
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }

  /** Tokens a millisecond; the slowest of several buckets is asked first. */
  get rate(): number {
    return this.perMs;
  }
}
