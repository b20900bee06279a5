import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkPages, checks } from "../../src/checks";

const directory = join(__dirname, "../../docs/checks");

describe("docs/checks", () => {
  const pages = checkPages();
  it("has a page for each rule and no other (node tools/run-ts.mjs tools/docs/checks.ts writes them)", () => {
    expect(readdirSync(directory).sort()).toEqual([...pages.keys()].sort());
    expect(pages.size).toBe(checks.length + 1);
  });
  it("says what the rules say", () => {
    for (const [file, text] of pages)
      expect({ file, text: readFileSync(join(directory, file), "utf8") }).toEqual({ file, text });
  });
});
