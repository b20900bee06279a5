/** The path of everything in a value, itself included. */
export function paths(value: unknown, here: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [here];
  const inner = Array.isArray(value) ? value.map((v, i) => [i, v] as const) : Object.entries(value);
  return [here, ...inner.flatMap(([key, v]) => paths(v, [...here, key]))];
}

/** A copy with something else at the path. */
export function replaced(value: unknown, [first, ...rest]: (string | number)[], by: unknown): unknown {
  if (first === undefined) return by;
  if (Array.isArray(value)) return value.map((item: unknown, i) => (i === first ? replaced(item, rest, by) : item));
  return { ...(value as object), [first]: replaced((value as Record<string, unknown>)[first], rest, by) };
}
