import { formatFindings, summary } from "../../../src/cli/format";
import { excerpt } from "../../../src/cli/format/excerpt";
import type { Finding } from "../../../src/model/finding";

const source = "spec:\n  services:\n    - name: cart\n      ports: [{ port: 80 }]\n";
const findings: readonly Finding[] = [
  {
    code: "MESH1102",
    level: "info",
    path: "services[0]",
    message: "cart runs once",
    remedy: "Run at least two replicas.",
    file: "meshes/mesh one.yaml",
    line: 3,
    column: 7,
  },
  {
    code: "MESH0021",
    level: "error",
    path: "routes[0].service",
    message: "no service, 100%: none\nreally",
    remedy: "Name one.",
    file: "m.yaml",
    line: 9,
    column: 2,
  },
  { code: "MESH2003", level: "warning", path: "", message: "without a place", remedy: "" },
];
const options = { source, version: "1.2.3" };

describe("text", () => {
  it("shows the line with a caret under the column", () => {
    expect(formatFindings("text", findings.slice(0, 1), options)).toBe(
      [
        "meshes/mesh one.yaml:3:7 services[0]: info MESH1102 cart runs once",
        "    3 |     - name: cart",
        "      |       ^",
        "    Run at least two replicas.",
        "",
      ].join("\n"),
    );
  });
  it("leaves the excerpt out where there is no such line", () => {
    expect(formatFindings("text", findings.slice(1, 2), options)).not.toContain(" | ");
    expect(formatFindings("text", findings.slice(2), options)).toBe("warning MESH2003 without a place\n");
  });
  it("counts", () => {
    expect(summary(findings)).toBe("1 error, 1 warning, 1 hint");
    expect(summary([])).toBe("nothing to say");
  });
});

describe("an excerpt", () => {
  it("puts the caret under the right letter after tabs", () => {
    expect(excerpt("\t\tkey: x", 1, 3)).toBe("    1 | \t\tkey: x\n      | \t\t^\n");
  });
  it("crops long lines around the column", () => {
    const line = `${"a".repeat(300)}X${"b".repeat(300)}`;
    const [text = "", caret = ""] = excerpt(line, 1, 301).split("\n");
    expect(text.length).toBeLessThan(120);
    expect(text[caret.indexOf("^")]).toBe("X");
  });
  it("is nothing for a line that is not there", () => {
    expect(excerpt(source, 99, 1)).toBe("");
    expect(excerpt("a\n\nb", 2, 1)).toBe("");
  });
});

describe("json", () => {
  it("has every key of every finding", () => {
    const { findings: rows } = JSON.parse(formatFindings("json", findings, options)) as { findings: object[] };
    for (const row of rows)
      expect(Object.keys(row)).toEqual(["code", "level", "path", "message", "remedy", "file", "line", "column"]);
  });
});

describe("github", () => {
  const lines = formatFindings("github", findings, options).trimEnd().split("\n");
  it("is one command a finding, whatever its message holds", () => {
    expect(lines).toHaveLength(findings.length);
    expect(lines[0]).toBe(
      "::notice file=meshes/mesh one.yaml,line=3,col=7,title=MESH1102::cart runs once%0ARun at least two replicas.",
    );
    expect(lines[1]).toBe(
      "::error file=m.yaml,line=9,col=2,title=MESH0021::no service, 100%25: none%0Areally%0AName one.",
    );
  });
  it("escapes what ends a property", () => {
    const [line] = formatFindings("github", [{ ...(findings[0] as Finding), file: "a,b:c.yaml" }], options).split("\n");
    expect(line).toContain("file=a%2Cb%3Ac.yaml,");
  });
});

describe("sarif", () => {
  interface Log {
    version: string;
    runs: {
      tool: { driver: { name: string; version: string; rules: { id: string; help?: { text: string } }[] } };
      results: {
        ruleId: string;
        ruleIndex: number;
        level: string;
        message: { text: string };
        locations: {
          physicalLocation?: { artifactLocation: { uri: string }; region: { startLine: number; startColumn: number } };
        }[];
      }[];
    }[];
  }
  const log = JSON.parse(formatFindings("sarif", findings, options)) as Log;
  const [run] = log.runs;
  it("is a 2.1.0 log of one run by meshup", () => {
    expect(log.version).toBe("2.1.0");
    expect(run?.tool.driver).toMatchObject({ name: "meshup", version: "1.2.3" });
  });
  it("points each result at its rule, with SARIF's own levels", () => {
    expect(run?.results.map((r) => [r.ruleId, r.level])).toEqual([
      ["MESH1102", "note"],
      ["MESH0021", "error"],
      ["MESH2003", "warning"],
    ]);
    for (const result of run?.results ?? []) expect(run?.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
  });
  it("gives URIs and places, and none where none is known", () => {
    expect(run?.results[0]?.locations[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: "meshes/mesh%20one.yaml" },
      region: { startLine: 3, startColumn: 7 },
    });
    expect(run?.results[2]?.locations[0]?.physicalLocation).toBeUndefined();
  });
  it("brings the remedy of each check along", () => {
    expect(run?.tool.driver.rules.find((r) => r.id === "MESH1102")?.help?.text).toContain("two replicas");
  });
});
