import type { Alarm, Clock } from "../../../src/proxy/core/clock";
import { SeededRandom } from "../../../src/proxy/core/random";
import type { Runtime } from "../../../src/proxy/core/runtime";
import { TimerWheel } from "../../../src/proxy/core/wheel";

class FakeAlarm implements Alarm {
  at = Infinity;
  ring: () => void = () => undefined;
  constructor(private readonly clock: Clock) {}
  set(ms: number, ring: () => void): void {
    this.at = this.clock.now() + Math.max(ms, 0);
    this.ring = ring;
  }
  clear(): void {
    this.at = Infinity;
  }
}

/** A runtime whose time a test turns. */
export class FakeRuntime implements Runtime, Clock {
  readonly clock: Clock = this;
  readonly random = new SeededRandom(1);
  private time = 1000;
  private readonly alarms = [new FakeAlarm(this), new FakeAlarm(this)] as const;
  readonly wheel = new TimerWheel(this, this.alarms[0]);
  readonly slowWheel = new TimerWheel(this, this.alarms[1], 100);

  now(): number {
    return this.time;
  }
  wall(): number {
    return this.time;
  }

  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const next = this.alarms[0].at <= this.alarms[1].at ? this.alarms[0] : this.alarms[1];
      if (next.at > end) break;
      this.time = Math.max(this.time, next.at);
      next.at = Infinity;
      next.ring();
    }
    this.time = end;
  }
}
