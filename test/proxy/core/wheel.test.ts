import fc from "fast-check";
import type { Alarm, Clock } from "../../../src/proxy/core/clock";
import { TimerEntry, TimerWheel } from "../../../src/proxy/core/wheel";

/** A clock that a test turns, and the alarm that hangs on it. */
class FakeTime implements Clock, Alarm {
  time = 1000;
  private at = Infinity;
  private ring: () => void = () => undefined;
  now(): number {
    return this.time;
  }
  wall(): number {
    return this.time;
  }
  set(ms: number, ring: () => void): void {
    this.at = this.time + Math.max(ms, 0);
    this.ring = ring;
  }
  clear(): void {
    this.at = Infinity;
  }
  advance(ms: number): void {
    const end = this.time + ms;
    while (this.at <= end) {
      this.time = Math.max(this.time, this.at);
      this.at = Infinity;
      this.ring();
    }
    this.time = end;
  }
  /** A suspended machine: time passes and nothing rings until it wakes. */
  jump(ms: number): void {
    this.time += ms;
    this.advance(0);
  }
}

class Probe extends TimerEntry {
  firedAt: number | undefined;
  constructor(
    private readonly time: FakeTime,
    private readonly then: () => void = () => undefined,
  ) {
    super();
  }
  fire(): void {
    this.firedAt = this.time.time;
    this.then();
  }
}

test("an entry fires never early and at most a slot late, unless stopped, for any delays", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(20_000), fc.boolean()), { maxLength: 40 }), fc.nat(500), (plan, step) => {
      const time = new FakeTime();
      const wheel = new TimerWheel(time, time);
      const probes = plan.map(([ms, stop]) => {
        const probe = new Probe(time);
        wheel.start(probe, ms);
        if (stop) probe.stop();
        return { probe, ms, stop, started: time.time };
      });
      for (let t = 0; t < 21_000; t += step + 100) time.advance(step + 100);
      for (const { probe, ms, stop, started } of probes) {
        if (stop) expect(probe.firedAt).toBeUndefined();
        else {
          expect(probe.firedAt).toBeGreaterThanOrEqual(started + ms);
          expect(probe.firedAt).toBeLessThanOrEqual(started + ms + 8);
        }
      }
      expect(wheel.size).toBe(0);
    }),
    { numRuns: 100 },
  );
});

test("a fired entry may start itself and stop others", () => {
  const time = new FakeTime();
  const wheel = new TimerWheel(time, time);
  const other = new Probe(time);
  let again = 0;
  const self: Probe = new Probe(time, () => {
    other.stop();
    if (++again < 3) wheel.start(self, 10);
  });
  wheel.start(self, 10);
  wheel.start(other, 11);
  time.advance(100);
  expect([again, other.firedAt, wheel.size]).toEqual([3, undefined, 0]);
});

test("30 days are waited for, and a machine that slept fires what is due once", () => {
  const time = new FakeTime();
  const wheel = new TimerWheel(time, time, 100);
  const [month, soon] = [new Probe(time), new Probe(time)];
  const start = time.now();
  wheel.start(month, 30 * 86_400_000);
  wheel.start(soon, 500);
  time.jump(86_400_000);
  expect([soon.firedAt, month.firedAt]).toEqual([start + 86_400_000, undefined]);
  time.jump(29 * 86_400_000 + 100);
  expect([soon.firedAt, month.firedAt]).toEqual([start + 86_400_000, start + 30 * 86_400_000 + 100]);
});
