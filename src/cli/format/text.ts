import type { Finding } from "../../model/finding";
import { findingText } from "../findings";
import { excerpt } from "./excerpt";

/** For people: each finding with the line that it is about, and a count at the end. */
export function text(findings: readonly Finding[], source?: string): string {
  const parts = findings.map((finding) => {
    const [head = "", ...rest] = findingText(finding).split(/(?<=\n)/);
    const shown =
      source !== undefined && finding.line !== undefined ? excerpt(source, finding.line, finding.column) : "";
    return head + shown + rest.join("");
  });
  return parts.join("");
}

/** `2 errors, 1 warning, 4 hints`. */
export function summary(findings: readonly Finding[]): string {
  const words = [
    ["error", "error"],
    ["warning", "warning"],
    ["info", "hint"],
  ] as const;
  const counts = words.map(([level, word]) => {
    const count = findings.filter((f) => f.level === level).length;
    return count === 0 ? "" : `${count} ${word}${count === 1 ? "" : "s"}`;
  });
  return counts.filter((part) => part !== "").join(", ") || "nothing to say";
}
