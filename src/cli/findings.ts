import type { Finding } from "../model/finding";

/** `mesh.yaml:12:7 routes[0]: error MESH0022 message`, and what to do about it on the next line. */
export function findingText(finding: Finding): string {
  const place = [finding.file, finding.line, finding.column].filter((part) => part !== undefined).join(":");
  const where = [place, finding.path].filter((part) => part !== "").join(" ");
  const head = `${where === "" ? "" : `${where}: `}${finding.level} ${finding.code} ${finding.message}`;
  return finding.remedy === "" ? `${head}\n` : `${head}\n    ${finding.remedy}\n`;
}

/** The machine form (docs/cli.md): every finding has all of its keys, null where nothing is known. */
export const findingsJson = (findings: readonly Finding[]): string =>
  `${JSON.stringify(
    {
      findings: findings.map((f) => ({
        code: f.code,
        level: f.level,
        path: f.path,
        message: f.message,
        remedy: f.remedy,
        file: f.file ?? null,
        line: f.line ?? null,
        column: f.column ?? null,
      })),
    },
    undefined,
    2,
  )}\n`;
