/** Routes write seconds with a fraction: `1.5s`. */
export const seconds = (ms: number): string => `${Number((ms / 1000).toFixed(3))}s`;
/** Backend services write seconds and nanoseconds apart. */
export const duration = (ms: number): { readonly seconds: number; readonly nanos?: number } => {
  const whole = Math.floor(ms / 1000);
  const rest = Math.round((ms - whole * 1000) * 1e6);
  return rest === 0 ? { seconds: whole } : { seconds: whole, nanos: rest };
};
export const percentage = (percent: number): number => Math.round(percent);
