import { checkByName, pageUrl } from "../../checks";
import { policyPage } from "../../../policy/evaluate";
import { ruleByName } from "../../../policy/rules";
import { CODES } from "../../model";
import type { Finding, Level } from "../../model/finding";

const level: Readonly<Record<Level, string>> = { error: "error", warning: "warning", info: "note" };
const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

/** What the report says about a rule once, for all of its results. */
function rule(code: string) {
  const policy = ruleByName(code);
  if (policy)
    return {
      id: code,
      name: policy.name,
      shortDescription: { text: policy.title },
      fullDescription: { text: policy.why },
      help: { text: policy.remedy, markdown: `${policy.remedy}\n\nSee ${policyPage(policy)}.` },
    };
  const check = checkByName(code);
  if (!check) {
    const title = Object.hasOwn(CODES, code) ? CODES[code as keyof typeof CODES].title : code;
    return { id: code, shortDescription: { text: title } };
  }
  return {
    id: code,
    name: check.name,
    shortDescription: { text: check.title },
    fullDescription: { text: check.why },
    help: { text: check.remedy, markdown: `${check.remedy}\n\nSee ${pageUrl(check)}.` },
    defaultConfiguration: { level: level[check.level] },
    properties: { area: check.area },
  };
}

/** SARIF 2.1.0, which code hosts show on the pull request. */
export function sarif(findings: readonly Finding[], version: string): string {
  const codes = [...new Set(findings.map((f) => f.code))].sort();
  const results = findings.map((f) => ({
    ruleId: f.code,
    ruleIndex: codes.indexOf(f.code),
    level: level[f.level],
    message: { text: [f.message, f.remedy].filter((t) => t !== "").join("\n") },
    locations: [
      {
        ...(f.file === undefined
          ? {}
          : {
              physicalLocation: {
                artifactLocation: { uri: encodeURI(f.file.replace(/\\/g, "/")) },
                region: { startLine: f.line ?? 1, startColumn: f.column ?? 1 },
              },
            }),
        logicalLocations: [{ fullyQualifiedName: f.path === "" ? "spec" : `spec.${f.path}` }],
      },
    ],
    // Lines move; code and path do not, so that a host can tell an old finding from a new one.
    partialFingerprints: { meshupPath: `${f.code}:${f.path}` },
  }));
  const driver = { name: "meshup", version, rules: codes.map(rule) };
  return `${JSON.stringify({ $schema: SCHEMA, version: "2.1.0", runs: [{ tool: { driver }, results }] }, undefined, 2)}\n`;
}
