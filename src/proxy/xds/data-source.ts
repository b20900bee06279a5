import { readFileSync } from "node:fs";
import type { CompileContext } from "./compile-context";
import type { DataSource } from "./messages";

/** The text of a source: a file is read now. Empty after an error. */
export function dataSource(source: DataSource, path: string, context: CompileContext): string {
  if (source.inline_string !== undefined) return source.inline_string;
  const { filename } = source;
  if (filename === undefined) return "";
  return context.try(`${path}.filename`, () => readFileSync(filename, "utf8")) ?? "";
}
