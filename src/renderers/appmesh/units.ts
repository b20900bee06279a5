/** App Mesh writes a duration as a whole number with a unit; milliseconds say every duration of the model exactly. */
export interface AppMeshDuration {
  readonly unit: "ms" | "s";
  readonly value: number;
}
/** 0 means no limit, which App Mesh takes as written: left out, it would be its own 15 s. */
export const duration = (ms: number): AppMeshDuration =>
  ms % 1000 === 0 ? { unit: "s", value: ms / 1000 } : { unit: "ms", value: Math.round(ms) };

const MOST = 100;

/** Weights as App Mesh takes them, 0 to 100: as written where they fit, else in proportion, none rounded to nothing. */
export function weights(written: readonly number[]): readonly number[] {
  const largest = Math.max(0, ...written);
  if (largest <= MOST) return written;
  return written.map((weight) => (weight === 0 ? 0 : Math.max(1, Math.round((weight * MOST) / largest))));
}
