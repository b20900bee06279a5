export type Align = "left" | "right";

/** Characters on a terminal: the tree's glyphs and the currencies used here are one cell each. */
const width = (text: string): number => [...text].length;
const pad = (text: string, to: number, align: Align): string => {
  const space = " ".repeat(Math.max(0, to - width(text)));
  return align === "right" ? space + text : text + space;
};

/** Plain text in columns, two spaces apart, no trailing spaces. A row of one cell spans the columns. */
export function columns(rows: readonly (readonly string[])[], align: readonly Align[]): string {
  const widths = align.map((_, i) =>
    rows.reduce((widest, row) => (row.length > 1 ? Math.max(widest, width(row[i] ?? "")) : widest), 0),
  );
  return rows
    .map((row) =>
      (row.length === 1
        ? (row[0] ?? "")
        : row.map((cell, i) => pad(cell, widths[i] ?? 0, align[i] ?? "left")).join("  ")
      ).trimEnd(),
    )
    .join("\n");
}
/** A GitHub table. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  align: readonly Align[],
): string {
  const cell = (text: string): string => text.replaceAll("|", "\\|");
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(align.map((a) => (a === "right" ? "---:" : "---"))), ...rows.map(line)].join("\n");
}
