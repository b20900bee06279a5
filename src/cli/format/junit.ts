import type { Finding } from "../../model/finding";

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};
const escape = (text: string) =>
  Array.from(text)
    .filter(isXml)
    .join("")
    .replace(/[&<>"']/g, (c) => escapes[c] ?? c);

/** XML 1.0 has no way to write the other control characters. */
function isXml(character: string): boolean {
  return character >= " " || character === "\t" || character === "\n";
}

/** JUnit's XML, which GitLab, Jenkins and others show as test results: a case a finding, and one that passed if none. */
export function junit(findings: readonly Finding[]): string {
  const failures = findings.filter(({ level }) => level === "error").length;
  const cases = findings.map(({ code, level, path, message, remedy, file, line, column }) => {
    const place = [file, line, column].filter((part) => part !== undefined).join(":");
    const open = `    <testcase classname="${escape(file ?? "mesh")}" name="${escape(`${code} ${path}`.trim())}"`;
    const body = escape([place, message, remedy].filter((part) => part !== "").join("\n"));
    // What is no error fails no build, but is to be read.
    return level === "error"
      ? `${open}>\n      <failure type="${code}" message="${escape(message)}">${body}</failure>\n    </testcase>`
      : `${open}>\n      <system-out>${body}</system-out>\n    </testcase>`;
  });
  if (cases.length === 0) cases.push('    <testcase classname="mesh" name="nothing to say"/>');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="meshup" tests="${cases.length}" failures="${failures}">`,
    `  <testsuite name="meshup" tests="${cases.length}" failures="${failures}">`,
    ...cases,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}
