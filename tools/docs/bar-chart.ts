/** Pairs of bars as SVG: pure text, the same for the same numbers. */

export interface Group {
  readonly label: string;
  /** One value a series. */
  readonly values: readonly number[];
  /** Beside the label, small. */
  readonly note?: string;
}

export interface BarChart {
  readonly title: string;
  readonly unit: string;
  readonly series: readonly { readonly name: string; readonly colour: string }[];
  readonly groups: readonly Group[];
}

const width = 760;
const left = 250;
const right = 70;
const bar = 14;
const gap = 16;
const top = 64;

export function barChart({ title, unit, series, groups }: BarChart): string {
  const rowHeight = series.length * bar + gap;
  const height = top + groups.length * rowHeight + 34;
  const scale = niceMaximum(Math.max(...groups.flatMap(({ values }) => values), 0));
  const x = (value: number): number => left + (value / scale) * (width - left - right);
  const ticks = [0, 1, 2, 3, 4].map((i) => (scale * i) / 4);
  const bottom = top + groups.length * rowHeight;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="16" y="24" font-size="15" fill="#1b1f24">${escaped(title)}</text>`,
    ...series.map(
      ({ name, colour }, i) =>
        `<rect x="${16 + i * 160}" y="36" width="12" height="12" fill="${colour}"/>` +
        `<text x="${34 + i * 160}" y="46" fill="#1b1f24">${escaped(name)}</text>`,
    ),
    ...ticks.map(
      (tick) =>
        `<line x1="${fixed(x(tick))}" y1="${top}" x2="${fixed(x(tick))}" y2="${bottom}" stroke="#d0d7de"/>` +
        `<text x="${fixed(x(tick))}" y="${bottom + 16}" text-anchor="middle" fill="#57606a">${plain(tick)}</text>`,
    ),
    `<text x="${width - right}" y="${bottom + 30}" text-anchor="end" fill="#57606a">${escaped(unit)}</text>`,
    ...groups.flatMap(({ label, values, note }, row) => {
      const y = top + row * rowHeight + gap / 2;
      const middle = y + (series.length * bar) / 2;
      return [
        `<text x="${left - 10}" y="${fixed(note ? middle - 2 : middle + 4)}" text-anchor="end" fill="#1b1f24">${escaped(label)}</text>`,
        ...(note
          ? [
              `<text x="${left - 10}" y="${fixed(middle + 12)}" text-anchor="end" font-size="10" fill="#57606a">${escaped(note)}</text>`,
            ]
          : []),
        ...values.map(
          (value, i) =>
            `<rect x="${left}" y="${fixed(y + i * bar)}" width="${fixed(x(value) - left)}" height="${bar - 2}" fill="${series[i]?.colour ?? "#000000"}"/>` +
            `<text x="${fixed(x(value) + 5)}" y="${fixed(y + i * bar + 10)}" font-size="10" fill="#1b1f24">${plain(value)}</text>`,
        ),
      ];
    }),
    "</svg>",
  ];
  return `${parts.join("\n")}\n`;
}

/** The next 1, 2, 4, 5 or 8 times a power of ten, so that quarters of it read well. */
function niceMaximum(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 8, 10].map((n) => n * power).find((n) => n >= value) ?? 10 * power;
}

const fixed = (value: number): string => String(Math.round(value * 10) / 10);
const plain = (value: number): string =>
  value >= 10 ? String(Math.round(value)) : String(Math.round(value * 100) / 100);
const escaped = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");
