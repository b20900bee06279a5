/** Successes of one interval. */
export class Tally {
  total = 0;
  good = 0;
  count(good: boolean): void {
    this.total++;
    if (good) this.good++;
  }
  reset(): void {
    this.total = this.good = 0;
  }
  /** Percent; of at least one request. */
  get rate(): number {
    return (this.good * 100) / this.total;
  }
}

/** What outlier detection remembers of one host. */
export class HostRecord {
  ejected = false;
  ejectedAt = 0;
  /** Milliseconds of chance on top of the present ejection. */
  jitter = 0;
  /** Times ejected, less one for every interval without. */
  ejections = 0;
  consecutive5xx = 0;
  consecutiveGatewayFailure = 0;
  consecutiveLocalOriginFailure = 0;
  readonly answers = new Tally();
  readonly localOrigin = new Tally();

  clearConsecutive(): void {
    this.consecutive5xx = this.consecutiveGatewayFailure = this.consecutiveLocalOriginFailure = 0;
  }
}
