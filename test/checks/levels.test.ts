import { readSettings, runChecks } from "../../src/checks";
import { load } from "./support/mesh";

const { model } = load("services: [{ name: cart, ports: [{ port: 80 }] }]");
const levelsOf = (settings: unknown) => {
  const { levels, findings } = readSettings(settings);
  return { found: new Map(runChecks(model, { levels }).map((f) => [f.code, f.level])), findings };
};

describe(".meshuprc.yaml", () => {
  it("raises and lowers levels by code and by name", () => {
    expect(levelsOf({}).found.get("MESH1100")).toBe("info");
    expect(levelsOf({ checks: { MESH1100: "error" } }).found.get("MESH1100")).toBe("error");
    expect(levelsOf({ checks: { "open-egress": "warning" } }).found.get("MESH1100")).toBe("warning");
  });
  it("switches a check off, also where YAML reads off as false", () => {
    expect(levelsOf({ checks: { MESH1100: "off" } }).found.has("MESH1100")).toBe(false);
    expect(levelsOf({ checks: { MESH1100: false } }).found.has("MESH1100")).toBe(false);
  });
  it("may be empty", () => {
    expect(readSettings(undefined)).toEqual({ levels: {}, findings: [] });
    expect(readSettings(null)).toEqual({ levels: {}, findings: [] });
  });
  it("reports what it cannot read, and keeps the rest", () => {
    const { found, findings } = levelsOf({
      checks: { MESH1100: "error", MESH9999: "error", "single-replica": "loud" },
      more: 1,
    });
    expect(findings.map((f) => [f.code, f.path])).toEqual([
      ["MESH1903", "more"],
      ["MESH1903", "checks.MESH9999"],
      ["MESH1903", "checks.single-replica"],
    ]);
    expect(found.get("MESH1100")).toBe("error");
  });
  it.each([["text"], [[1]], [{ checks: [] }], [{ checks: "x" }]])("refuses %j without throwing", (settings) => {
    expect(readSettings(settings).findings.length).toBe(1);
  });
});
