import { TimerEntry } from "../core/wheel";

/** What the timers of a client's connection call. */
export interface Timed {
  onWatch(): void;
  onHeadDeadline(): void;
  onLifetime(): void;
}

export class Watch extends TimerEntry {
  constructor(private readonly connection: Timed) {
    super();
  }
  fire(): void {
    this.connection.onWatch();
  }
}

export class HeadDeadline extends TimerEntry {
  constructor(private readonly connection: Timed) {
    super();
  }
  fire(): void {
    this.connection.onHeadDeadline();
  }
}

export class Lifetime extends TimerEntry {
  constructor(private readonly connection: Timed) {
    super();
  }
  fire(): void {
    this.connection.onLifetime();
  }
}
