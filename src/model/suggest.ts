/** Edit distance with neighbouring letters swapped counting as one, given up on above `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] as number) + 1, (row[j - 1] as number) + 1, (last[j - 1] as number) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (beforeLast[j - 2] as number) + 1);
      }
      row.push(best);
    }
    if (Math.min(...row) > limit) return limit + 1;
    [beforeLast, last] = [last, row];
  }
  return last[b.length] as number;
}

/** The name most like the one written, if any is like it; capitals count for nothing. */
export function closest(written: string, names: Iterable<string>): string | undefined {
  const limit = Math.min(3, Math.max(1, Math.floor(written.length / 3)));
  if (written.length > 64) return undefined;
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const name of names) {
    const d = distance(written.toLowerCase(), name.toLowerCase(), limit);
    if (d < bestDistance) [best, bestDistance] = [name, d];
  }
  return best;
}

/** A remedy: the likely name, or the choice. */
export function didYouMean(written: string, names: readonly string[]): string {
  const name = closest(written, names);
  if (name !== undefined) return `Did you mean ${name}?`;
  if (names.length === 0) return "There is none to choose from.";
  const shown = names.slice(0, 12).join(", ");
  return `Choose from ${shown}${names.length > 12 ? `, … (${names.length} in all)` : ""}.`;
}
