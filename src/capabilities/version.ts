const numbers = (version: string) =>
  version
    .replace(/^\D*/, "")
    .split(/[^0-9]+/)
    .map(Number);

/** Whether `1.24.1` comes before `1.25`. Compares number by number; what is left out counts as 0. */
export function olderThan(version: string, wanted: string): boolean {
  const [a, b] = [numbers(version), numbers(wanted)];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
