const WIDTH = 100;

/** The line of the source with a caret under the column, cropped where the line is long. Lines and columns from 1. */
export function excerpt(source: string, line: number, column = 1): string {
  const text = source.split(/\r?\n/, line)[line - 1];
  if (text === undefined || text.trim() === "") return "";
  const from = column > WIDTH - 20 ? Math.max(0, column - WIDTH / 2) : 0;
  const cropped = `${from > 0 ? "…" : ""}${text.slice(from, from + WIDTH)}${text.length > from + WIDTH ? "…" : ""}`;
  // A tab is as wide in both lines only if it is a tab in both.
  const lead = text.slice(from, Math.max(column - 1, from)).replace(/[^\t]/g, " ");
  const number = String(line).padStart(5);
  return `${number} | ${cropped}\n${" ".repeat(number.length)} | ${from > 0 ? " " : ""}${lead}^\n`;
}
