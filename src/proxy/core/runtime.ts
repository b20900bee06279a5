import type { ConnectionBudget } from "./budget";
import type { Clock } from "./clock";
import type { Random } from "./random";
import type { TimerWheel } from "./wheel";

/** Time and chance, passed to everything that needs them. */
export interface Runtime {
  readonly clock: Clock;
  /** Deadlines of requests: resolution of milliseconds. */
  readonly wheel: TimerWheel;
  /** Idle limits and sweeps: resolution of a second at most. */
  readonly slowWheel: TimerWheel;
  readonly random: Random;
  /** Absent where nothing limits them. */
  readonly upstreams?: ConnectionBudget;
}
