import type { Finding } from "../model/finding";
import { checkByName } from "./table";

/** `# meshup-ignore MESH1012: reason`, at the end of the line that it is about, or on the lines above it. */
export interface Ignore {
  readonly code: string;
  readonly reason: string;
  /** Where the comment stands, from 1. */
  readonly line: number;
  readonly column: number;
  /** The line that it is about. */
  readonly target: number;
}

const comment = /(^|\s)#\s*meshup-ignore\s+([A-Za-z0-9-]+(?:\s*,\s*[A-Za-z0-9-]+)*)\s*(?::\s*(.*?))?\s*$/;

export function readIgnores(text: string): readonly Ignore[] {
  if (!text.includes("meshup-ignore")) return [];
  const ignores: Ignore[] = [];
  const lines = text.split(/\r?\n/);
  const isComment = (line: string) => /^\s*(#.*)?$/.test(line);
  for (const [i, line] of lines.entries()) {
    const match = line.includes("meshup-ignore") ? comment.exec(line) : null;
    if (!match) continue;
    let target = i;
    if (isComment(line)) while (target < lines.length - 1 && isComment(lines[target] ?? "")) target++;
    for (const code of (match[2] ?? "").split(/\s*,\s*/))
      ignores.push({
        code,
        reason: match[3] ?? "",
        line: i + 1,
        column: match.index + (match[1] ?? "").length + 1,
        target: target + 1,
      });
  }
  return ignores;
}

/**
 * Takes out the findings that the file's comments ignore, and adds what is wrong with the comments. Only checks can
 * be ignored: a mistake of structure cannot, and what a backend cannot do is accepted in `spec.backends`.
 */
export function applyIgnores(text: string, findings: readonly Finding[], file?: string): readonly Finding[] {
  const ignores = readIgnores(text);
  if (ignores.length === 0) return findings;
  const place = (ignore: Ignore) => ({ path: "", file, line: ignore.line, column: ignore.column });
  const problems: Finding[] = [];
  const byPlace = new Map<string, { ignore: Ignore; used: boolean }>();
  for (const ignore of ignores) {
    const check = checkByName(ignore.code);
    if (!check)
      problems.push({
        ...place(ignore),
        code: "MESH1902",
        level: "warning",
        message: `No check is called ${ignore.code}`,
        remedy: "`meshup explain` lists codes and names. Only checks (MESH1001 and up) can be ignored.",
      });
    else if (ignore.reason === "")
      problems.push({
        ...place(ignore),
        code: "MESH1900",
        level: "error",
        message: `${check.code} is ignored without a reason, so it is not ignored`,
        remedy: `Say why: # meshup-ignore ${check.code}: …`,
      });
    else byPlace.set(`${check.code} ${ignore.target}`, { ignore, used: false });
  }
  const kept = findings.filter((finding) => {
    const entry = byPlace.get(`${finding.code} ${finding.line ?? 0}`);
    if (entry) entry.used = true;
    return !entry;
  });
  for (const { ignore, used } of byPlace.values())
    if (!used)
      problems.push({
        ...place(ignore),
        code: "MESH1901",
        level: "warning",
        message: `${ignore.code} is ignored here, but does not happen on line ${ignore.target}`,
        remedy: "Remove the comment.",
      });
  return [...kept, ...problems];
}
