import type { Alarm, Clock } from "./clock";

/** Something that waits in a wheel. Objects with several deadlines own one entry for each. */
export abstract class TimerEntry {
  /** @internal Links of the slot's list; `null` when not waiting. */
  prev: TimerEntry | null = null;
  /** @internal */
  next: TimerEntry | null = null;
  /** @internal The tick it is due at. */
  due = 0;
  /** @internal */
  wheel: TimerWheel | null = null;

  /** Called once when due; the entry is out of the wheel by then and may be started again. */
  abstract fire(): void;

  get waiting(): boolean {
    return this.wheel !== null;
  }

  /** Stops waiting; does nothing when it does not wait. */
  stop(): void {
    if (this.wheel !== null) this.wheel.stop(this);
  }
}

class SlotHead extends TimerEntry {
  constructor() {
    super();
    this.prev = this;
    this.next = this;
  }
  fire(): void {}
}

/**
 * A hashed timer wheel: starting and stopping an entry are O(1) and allocate nothing, and one alarm stands behind all of
 * them. An entry never fires early; it fires at most one slot late.
 */
export class TimerWheel {
  private readonly slots: SlotHead[] = [];
  private readonly counts: Int32Array;
  private readonly mask: number;
  private current: number;
  private armedFor = Infinity;
  private waiting = 0;
  private readonly ring = (): void => this.turn();

  /** `slotMs`: the resolution; `slotCount`: a power of two. Deadlines beyond one turn wait in their slot for the next. */
  constructor(
    private readonly clock: Clock,
    private readonly alarm: Alarm,
    private readonly slotMs = 4,
    slotCount = 512,
  ) {
    this.counts = new Int32Array(slotCount);
    this.mask = slotCount - 1;
    for (let i = 0; i < slotCount; i++) this.slots.push(new SlotHead());
    this.current = Math.floor(clock.now() / slotMs);
  }

  /** How many entries wait. */
  get size(): number {
    return this.waiting;
  }

  /** Starts or restarts `entry` to fire after `ms`. */
  start(entry: TimerEntry, ms: number): void {
    entry.stop();
    if (this.waiting === 0) this.current = Math.floor(this.clock.now() / this.slotMs);
    const due = Math.max(Math.ceil((this.clock.now() + ms) / this.slotMs), this.current + 1);
    const index = due & this.mask;
    const head = this.slots[index] as SlotHead;
    const last = head.prev as TimerEntry;
    entry.due = due;
    entry.wheel = this;
    entry.prev = last;
    entry.next = head;
    last.next = entry;
    head.prev = entry;
    this.counts[index] = (this.counts[index] as number) + 1;
    this.waiting++;
    if (due < this.armedFor) this.arm(due);
  }

  /** Stops `entry`; does nothing when it is not waiting. */
  stop(entry: TimerEntry): void {
    if (entry.wheel === null) return;
    const index = entry.due & this.mask;
    (entry.prev as TimerEntry).next = entry.next;
    (entry.next as TimerEntry).prev = entry.prev;
    entry.prev = entry.next = null;
    entry.wheel = null;
    this.counts[index] = (this.counts[index] as number) - 1;
    if (--this.waiting === 0) {
      this.alarm.clear();
      this.armedFor = Infinity;
    }
  }

  private arm(due: number): void {
    this.armedFor = due;
    this.alarm.set(due * this.slotMs - this.clock.now(), this.ring);
  }

  /** Fires what is due. A suspended machine may skip many slots: one turn over the wheel covers any gap. */
  private turn(): void {
    this.armedFor = Infinity;
    const now = Math.floor(this.clock.now() / this.slotMs);
    const from = Math.max(this.current + 1, now - this.mask);
    this.current = now;
    for (let tick = from; tick <= now; tick++) {
      if (this.counts[tick & this.mask] !== 0) this.fireSlot(this.slots[tick & this.mask] as SlotHead, now);
    }
    if (this.waiting > 0) this.armNext();
  }

  private fireSlot(head: SlotHead, now: number): void {
    // Firing may start and stop any entry, so begin again from the head after each.
    for (let entry = head.next as TimerEntry; entry !== head;) {
      const next = entry.next as TimerEntry;
      if (entry.due <= now) {
        this.stop(entry);
        entry.fire();
        entry = head.next as TimerEntry;
      } else entry = next;
    }
  }

  private armNext(): void {
    for (let ahead = 1; ahead <= this.mask + 1; ahead++) {
      if (this.counts[(this.current + ahead) & this.mask] !== 0) {
        if (this.current + ahead < this.armedFor) this.arm(this.current + ahead);
        return;
      }
    }
  }
}
