import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { document } from "../e2e/differential/document";
import { differences } from "../e2e/differential/listed";

const file = join(__dirname, "../../docs/envoy-differences.md");

test("docs/envoy-differences.md says what the suite asserts; `UPDATE_DOCS=1` writes it", () => {
  if (process.env.UPDATE_DOCS === "1") writeFileSync(file, document());
  expect(readFileSync(file, "utf8")).toBe(document());
});

test("each difference has a name of its own", () => {
  expect(new Set(differences.map(({ id }) => id)).size).toBe(differences.length);
});
