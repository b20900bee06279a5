/** Gateway API's form, whole units down to milliseconds: `1h1m1s1ms` (GEP-2257). */
export function gatewayDuration(ms: number): string {
  const units: readonly [string, number][] = [
    ["h", 3_600_000],
    ["m", 60_000],
    ["s", 1_000],
    ["ms", 1],
  ];
  let rest = Math.round(ms);
  let text = "";
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) text += `${count}${unit}`;
  }
  return text === "" ? "0s" : text;
}

/** Linkerd's annotations take one whole number with one unit; "1.5s" is refused. */
export const annotationDuration = (ms: number): string => (ms % 1000 === 0 ? `${ms / 1000}s` : `${Math.round(ms)}ms`);
