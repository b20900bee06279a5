import type { Finding } from "../../model/finding";
import { findingsJson } from "../findings";
import { github } from "./github";
import { junit } from "./junit";
import { sarif } from "./sarif";
import { text } from "./text";

export { summary } from "./text";

export const reportFormats = ["text", "json", "sarif", "github", "junit"] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** Findings in the form that was asked for. `source` is the mesh file's text, for excerpts. */
export function formatFindings(
  format: ReportFormat,
  findings: readonly Finding[],
  { source, version }: { readonly source?: string; readonly version: string },
): string {
  if (format === "json") return findingsJson(findings);
  if (format === "sarif") return sarif(findings, version);
  if (format === "junit") return junit(findings);
  return format === "github" ? github(findings) : text(findings, source);
}
