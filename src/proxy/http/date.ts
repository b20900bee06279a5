import type { Clock } from "../core/clock";

/** The `date` field, made once a second. */
export class DateLine {
  private second = -1;
  private text = "";
  constructor(private readonly clock: Clock) {}

  get value(): string {
    const second = Math.floor(this.clock.wall() / 1000);
    if (second !== this.second) {
      this.second = second;
      this.text = new Date(second * 1000).toUTCString();
    }
    return this.text;
  }
}
