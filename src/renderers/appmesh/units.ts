/** App Mesh writes a duration as a whole number with a unit; milliseconds say every duration of the model exactly. */
export interface AppMeshDuration {
  readonly unit: "ms" | "s";
  readonly value: number;
}
/** 0 means no limit, which App Mesh takes as written: left out, it would be its own 15 s. */
export const duration = (ms: number): AppMeshDuration =>
  ms % 1000 === 0 ? { unit: "s", value: ms / 1000 } : { unit: "ms", value: Math.round(ms) };

/** "The total weight for all targets combined must be less than or equal to 100" (App Mesh's API model, 2019-01-25). */
export const MOST_WEIGHT = 100;
/** Targets of one route, and conditions on headers or query parameters of one match (the same). */
export const MOST_TARGETS = 10;
export const MOST_CONDITIONS = 10;
/** Priorities run from 0 to 1000. */
export const MOST_ROUTES = 1001;
