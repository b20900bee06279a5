/**
 * Connections to upstreams that may stand at once, over all of a worker's clusters. A client's request never waits for
 * one: beyond the limit idle ones of other hosts make room.
 */
export class ConnectionBudget {
  open = 0;
  limit = Infinity;
  /** Closes some idle connections. */
  shed: () => void = () => undefined;

  take(): void {
    if (this.open >= this.limit) this.shed();
    this.open++;
  }

  give(): void {
    this.open--;
  }
}
