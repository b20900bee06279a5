#!/usr/bin/env node
// Generates the reader's table, the message types and the documentation of the supported subset of Envoy's v3 API.
// Usage: node tools/xds/generate.mjs [--check]     (--check: exit 1 if a generated file is not current)
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { writeDocumentation } from "./documentation.mjs";
import { loadProtos } from "./protos.mjs";
import { readSubset } from "./subset.mjs";
import { writeTable } from "./table.mjs";
import { writeInterfaces } from "./typescript.mjs";

const repository = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const xds = join(repository, "src", "proxy", "xds");
const root = loadProtos();
const subset = readSubset(join(xds, "subset.txt"));
for (const [name, { fields }] of subset) {
  const type = root.lookupType(name);
  for (const field of fields.keys()) if (!type.fields[field]) throw new Error(`${name} has no field ${field}`);
}

const outputs = {
  [join(xds, "generated", "messages.ts")]: writeInterfaces(root, subset),
  [join(xds, "generated", "table.ts")]: writeTable(root, subset),
  [join(repository, "docs", "envoy-subset.md")]: writeDocumentation(root, subset),
};
const check = process.argv.includes("--check");
let stale = 0;
for (const [file, text] of Object.entries(outputs)) {
  if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
  stale += 1;
  if (check) console.error(`${relative(repository, file)} is not current: run node tools/xds/generate.mjs`);
  else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
if (check && stale > 0) process.exitCode = 1;
