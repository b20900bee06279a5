// Writes docs/policies and policy/presets from the rules: node tools/run-ts.mjs tools/docs/policies.ts
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { offTable, policyPages, policyTable, presetFile } from "../../policy/pages";
import { presetNames } from "../../policy/rule";

const docs = "docs/policies";
mkdirSync(docs, { recursive: true });
mkdirSync("policy/presets", { recursive: true });
for (const [name, text] of policyPages()) writeFileSync(join(docs, name), text);
for (const preset of presetNames) writeFileSync(join("policy/presets", `${preset}.json`), presetFile(preset));
// Tables stand in a page that people write, between two marks each.
const page = join(docs, "README.md");
const tables = { table: policyTable("markdown"), off: offTable() };
let text = readFileSync(page, "utf8");
for (const [mark, table] of Object.entries(tables)) {
  const [before = "", rest = ""] = text.split(`<!-- ${mark} -->`);
  const [, after = ""] = rest.split(`<!-- /${mark} -->`);
  text = `${before}<!-- ${mark} -->\n\n${table}\n<!-- /${mark} -->${after}`;
}
writeFileSync(page, text);
