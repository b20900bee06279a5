import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { offTable, policyPages, presetFile } from "../../policy/pages";
import { presetNames } from "../../policy/rule";
import { ruleByName, rules } from "../../policy/rules";

const root = resolve(__dirname, "..", "..");
const docs = join(root, "docs/policies");

it.each([...policyPages()])("%s is as the rule says (tools/docs/policies.ts writes it)", (name, text) => {
  expect(readFileSync(join(docs, name), "utf8")).toBe(text);
});
it("has no page of a rule that is gone", () => {
  const pages = readdirSync(docs).filter((name) => name.startsWith("MESH"));
  expect(pages.sort()).toEqual([...policyPages().keys()].sort());
});
it.each([...presetNames])("the preset %s is as the rules say", (preset) => {
  expect(readFileSync(join(root, `policy/presets/${preset}.json`), "utf8")).toBe(presetFile(preset));
});

it("says of each policy that the baseline has off why, in README.md as on its page", () => {
  expect(rules.filter(({ off }) => off !== undefined)).toEqual(
    rules.filter(({ levels }) => levels.baseline === "disabled"),
  );
  expect(readFileSync(join(docs, "README.md"), "utf8")).toContain(offTable());
});

describe("coverage.md", () => {
  const text = readFileSync(join(docs, "coverage.md"), "utf8");
  const rows = text.split("\n").filter((line) => /^\| `/.test(line));

  it("has a row for each Kyverno policy and each Istio analyzer message", () => {
    const named = rows.map((line) => /^\| `([^`]+)`/.exec(line)?.[1]);
    expect(new Set(named).size).toBe(named.length);
    const kyverno = named.filter((name) => !name?.startsWith("IST"));
    expect(kyverno).toHaveLength(23);
    expect(named.length - kyverno.length).toBeGreaterThan(60);
  });
  it("names policies and checks that exist, or says why there is none", () => {
    for (const row of rows) {
      const [, , what = "", ours = "", why = ""] = row.split("|").map((cell) => cell.trim());
      expect(what).not.toBe("");
      if (ours === "–") expect(why.length).toBeGreaterThan(10);
      for (const [, name = ""] of ours.matchAll(/`([a-z-]+)`/g))
        expect([name, ruleByName(name)?.name]).toEqual([name, name]);
    }
  });
});
