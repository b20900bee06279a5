/** Reading objects that anybody may have written: what is not of the wanted shape reads as absent. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const fields = (value: unknown): Fields => (isFields(value) ? value : {});
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
export const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
export const texts = (value: unknown): readonly string[] =>
  list(value).filter((item): item is string => typeof item === "string");
/** Ports and weights come as numbers, and from some providers as text. */
export function number(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\d+$/.test(value) ? Number(value) : undefined;
}
export const labelsIn = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(fields(value)).flatMap(([key, item]) =>
      typeof item === "string" || typeof item === "number" || typeof item === "boolean" ? [[key, String(item)]] : [],
    ),
  );
/** A step-by-step look inside; undefined where the way ends. */
export function inside(value: unknown, ...keys: readonly string[]): unknown {
  let at = value;
  for (const key of keys) at = isFields(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  return at;
}
/** The items that are objects, each with its place below `path`. */
export const items = (value: unknown, path: string): readonly { readonly item: Fields; readonly path: string }[] =>
  list(value).flatMap((item, i) => (isFields(item) ? [{ item, path: `${path}[${i}]` }] : []));
/** What some providers write as a list of one and others as the object itself. */
export const one = (value: unknown): Fields => fields(Array.isArray(value) ? (value as unknown[])[0] : value);
const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** `1h30m`, `5s`, `0.5s`; undefined where it is no duration. */
export function durationMs(value: unknown): number | undefined {
  const written = text(value);
  if (written === undefined || !/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(written)) return undefined;
  let sum = 0;
  for (const [, amount = "0", unit = "s"] of written.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g))
    sum += Number(amount) * (unitsMs[unit] ?? 0);
  return sum;
}
