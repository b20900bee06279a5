/**
 * Units as people write them, parsed once here: durations (`1s`, `500ms`, `1h30m`), percentages (`20%` or 20),
 * byte sizes (`128Mi`) and cpu (`250m`). The schemas hold the patterns; what matches a pattern parses.
 */

/** Units in falling order, each at most once; only seconds take decimals, to the millisecond. */
export const DURATION = /^(?!$)(\d{1,9}d)?(\d{1,9}h)?(\d{1,9}m(?!s))?(\d{1,9}(\.\d{1,3})?s)?(\d{1,9}ms)?$/;
export const PERCENT = /^(100(\.0{1,6})?|\d{1,2}(\.\d{1,6})?)%$/;
export const MEMORY = /^\d{1,15}(\.\d{1,6})?([KMGTP]i|[kMGTP])?$/;
export const CPU = /^(\d{1,10}m|\d{1,7}(\.\d{1,3})?)$/;

const MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;
const BYTES: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** The few durations that a large mesh repeats thousands of times. */
const durations = new Map<string, number>();

/** Milliseconds. Throws a RangeError for text that is no duration. */
export function parseDuration(text: string): number {
  const known = durations.get(text);
  if (known !== undefined) return known;
  const parsed = readDuration(text);
  if (durations.size < 1000) durations.set(text, parsed);
  return parsed;
}

function readDuration(text: string): number {
  if (!DURATION.test(text)) throw new RangeError(`"${text}" is no duration: write 500ms, 1s, 1.5s or 1h30m`);
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[dhms])/g)) {
    total += Number(amount) * MS[unit as keyof typeof MS];
  }
  return Math.round(total);
}

/** The Gateway API form (GEP-2257), which Istio reads too: `1h1m1s1ms`; 0 is `0s`. */
export function formatDuration(ms: number): string {
  if (ms === 0) return "0s";
  let rest = ms;
  let text = "";
  for (const unit of ["h", "m", "s", "ms"] as const) {
    const amount = Math.floor(rest / MS[unit]);
    if (amount > 0) text += `${amount}${unit}`;
    rest -= amount * MS[unit];
  }
  return text;
}

/** The protobuf JSON form, seconds alone: `3.5s`. */
export const formatSeconds = (ms: number): string => `${ms / 1000}s`;

/** A number from 0 to 100. Throws a RangeError for text that is no percentage. */
export function parsePercent(value: string | number): number {
  if (typeof value === "number") {
    if (value >= 0 && value <= 100) return value;
  } else if (PERCENT.test(value)) return Number(value.slice(0, -1));
  throw new RangeError(`"${value}" is no percentage: write 20% or 20, from 0 to 100`);
}
export const formatPercent = (percent: number): string => `${percent}%`;

/** Bytes, rounded up to whole ones. Throws a RangeError for text that is no size. */
export function parseMemory(value: string | number): number {
  if (typeof value === "number" && value >= 0) return Math.ceil(value);
  const match = typeof value === "string" && MEMORY.test(value) ? /^([\d.]+)(.*)$/.exec(value) : null;
  if (match === null) throw new RangeError(`"${value}" is no size: write 128Mi, 1Gi or a number of bytes`);
  return Math.ceil(Number(match[1]) * (BYTES[match[2] as string] as number));
}

/** The shortest binary Kubernetes quantity: `128Mi`; bytes alone where no unit divides evenly. */
export function formatMemory(bytes: number): string {
  for (const unit of ["Pi", "Ti", "Gi", "Mi", "Ki"]) {
    const size = BYTES[unit] as number;
    if (bytes >= size && bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return `${bytes}`;
}

/** Cores. Throws a RangeError for text that is no amount of cpu. */
export function parseCpu(value: string | number): number {
  if (typeof value === "number" && value >= 0) return Math.round(value * 1000) / 1000;
  if (typeof value === "string" && CPU.test(value)) {
    return value.endsWith("m") ? Number(value.slice(0, -1)) / 1000 : Number(value);
  }
  throw new RangeError(`"${value}" is no amount of cpu: write 250m, 0.5 or 2`);
}

/** The Kubernetes quantity: whole cores plain, everything else in millicores. */
export const formatCpu = (cores: number): string =>
  Number.isInteger(cores) ? `${cores}` : `${Math.round(cores * 1000)}m`;
