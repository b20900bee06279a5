/** Writes docs/checks: one page a rule and the list of all. Run: node tools/run-ts.mjs tools/docs/checks.ts */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkPages } from "../../src/checks";

const directory = "docs/checks";
mkdirSync(directory, { recursive: true });
const pages = checkPages();
for (const file of readdirSync(directory)) if (file.endsWith(".md") && !pages.has(file)) rmSync(join(directory, file));
for (const [file, text] of pages) writeFileSync(join(directory, file), text);
