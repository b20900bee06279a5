/**
 * Writes docs/backends: for each backend what every feature of the model comes to there, field by field. The fields
 * are those that the golden cases say and tests see written. Run: node tools/run-ts.mjs tools/docs/backends.ts
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BackendCase, backendPage } from "./backend-page";
import { backendNames } from "../../src/capabilities";

/** The golden cases of a backend; none yet where the folder is missing. */
function casesOf(backend: string): BackendCase[] {
  const folder = join("test/renderers", backend, "cases");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => ({ path: join(folder, file), text: readFileSync(join(folder, file), "utf8") }));
}

mkdirSync("docs/backends", { recursive: true });
for (const backend of backendNames) {
  const cases = casesOf(backend);
  if (cases.length > 0) writeFileSync(join("docs/backends", `${backend}.md`), backendPage(backend, cases));
}
