// Writes docs/policies and policy/presets from the rules: node tools/run-ts.mjs tools/docs/policies.ts
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { policyPages, policyTable, presetFile } from "../../policy/pages";
import { presetNames } from "../../policy/rule";

const docs = "docs/policies";
mkdirSync(docs, { recursive: true });
mkdirSync("policy/presets", { recursive: true });
for (const [name, text] of policyPages()) writeFileSync(join(docs, name), text);
for (const preset of presetNames) writeFileSync(join("policy/presets", `${preset}.json`), presetFile(preset));
// The table stands in a page that people write, between two marks.
const page = join(docs, "README.md");
const [before = "", rest = ""] = readFileSync(page, "utf8").split("<!-- table -->");
const [, after = ""] = rest.split("<!-- /table -->");
writeFileSync(page, `${before}<!-- table -->\n\n${policyTable("markdown")}\n<!-- /table -->${after}`);
