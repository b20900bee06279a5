/**
 * Writes docs/backends: for each backend what every feature of the model comes to there, field by field. The fields
 * are those that the golden cases say and tests see written. Run: node tools/run-ts.mjs tools/docs/backends.ts
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { backendNames } from "../../src/capabilities";
import { casesOf } from "./backend-cases";
import { backendPage } from "./backend-page";

mkdirSync("docs/backends", { recursive: true });
for (const backend of backendNames)
  writeFileSync(join("docs/backends", `${backend}.md`), backendPage(backend, casesOf(".", backend)));
