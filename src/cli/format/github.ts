import type { Finding, Level } from "../../model/finding";

const command: Readonly<Record<Level, string>> = { error: "error", warning: "warning", info: "notice" };
const data = (text: string) => text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
const property = (text: string) => data(text).replace(/:/g, "%3A").replace(/,/g, "%2C");

/** Workflow commands of GitHub Actions: each finding becomes an annotation of the pull request's line. */
export const github = (findings: readonly Finding[]): string =>
  findings
    .map((f) => {
      const where = [
        f.file === undefined ? "" : `file=${property(f.file)}`,
        f.line === undefined ? "" : `line=${f.line}`,
        f.column === undefined ? "" : `col=${f.column}`,
        `title=${property(f.code)}`,
      ].filter((part) => part !== "");
      return `::${command[f.level]} ${where.join(",")}::${data([f.message, f.remedy].filter((t) => t !== "").join("\n"))}\n`;
    })
    .join("");
