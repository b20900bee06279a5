import { readFileSync } from "node:fs";
import { join } from "node:path";
import { filled } from "../../tools/docs/readme";

it("the generated parts of the README are current (node tools/run-ts.mjs tools/docs/readme.ts writes them)", () => {
  const readme = readFileSync(join(__dirname, "../../README.md"), "utf8");
  expect(filled(readme)).toBe(readme);
});
