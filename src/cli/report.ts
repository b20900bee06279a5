import { readFileSync } from "node:fs";
import type { Finding } from "../model/finding";
import { formatFindings, type ReportFormat, reportFormats } from "./format";
import type { Io } from "./io";
import { packageVersion } from "./version";

/** The text that findings point into; unreadable ones have no excerpts. */
function sourceOf(findings: readonly Finding[]): string | undefined {
  const file = findings.find((f) => f.file !== undefined && f.line !== undefined)?.file;
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** Text goes to standard error, beside whatever a command prints; the machine's forms are the output itself. */
export function report(io: Io, findings: readonly Finding[], format: ReportFormat): void {
  if (format === "text") {
    const source = sourceOf(findings);
    const ours = findings.find((f) => f.line !== undefined)?.file;
    for (const finding of findings)
      io.err(formatFindings("text", [finding], { source: finding.file === ours ? source : undefined, version: "" }));
  } else io.out(formatFindings(format, findings, { version: packageVersion() }));
}

/** The format that a command line asks for, also where it could not be parsed. */
export function formatOf(argv: readonly string[]): ReportFormat {
  const at = argv.indexOf("--format");
  const joined = argv.find((word) => word.startsWith("--format="))?.slice("--format=".length);
  const asked = joined ?? (at < 0 ? undefined : argv[at + 1]);
  return reportFormats.find((format) => format === asked) ?? "text";
}
