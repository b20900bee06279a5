/**
 * Earliest deadline first: entry i is due every 1/weight. Weights may change from turn to turn. A binary heap, so a turn
 * costs the logarithm of the number of entries.
 */
export class EarliestDeadline {
  private readonly heap: Uint32Array;
  private readonly due: Float64Array;
  /** Of equal deadlines the one that was set first goes first. */
  private readonly order: Float64Array;
  private turns: number;

  constructor(weights: readonly number[]) {
    const n = weights.length;
    this.heap = Uint32Array.from({ length: n }, (_, i) => i);
    this.due = Float64Array.from(weights, (weight) => 1 / weight);
    this.order = Float64Array.from({ length: n }, (_, i) => i);
    this.turns = n;
    for (let i = (n >> 1) - 1; i >= 0; i--) this.sink(i);
  }

  /** Whose turn it is. */
  get first(): number {
    return this.heap[0] as number;
  }

  /** The first had its turn; the next one is 1/weight later. */
  advance(weight: number): void {
    const first = this.first;
    this.due[first] = (this.due[first] as number) + 1 / weight;
    this.order[first] = this.turns++;
    this.sink(0);
  }

  private before(a: number, b: number): boolean {
    const difference = (this.due[a] as number) - (this.due[b] as number);
    return difference < 0 || (difference === 0 && (this.order[a] as number) < (this.order[b] as number));
  }

  private sink(from: number): void {
    const { heap } = this;
    const n = heap.length;
    let at = from;
    const entry = heap[at] as number;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= n) break;
      if (child + 1 < n && this.before(heap[child + 1] as number, heap[child] as number)) child++;
      if (!this.before(heap[child] as number, entry)) break;
      heap[at] = heap[child] as number;
      at = child;
    }
    heap[at] = entry;
  }
}
