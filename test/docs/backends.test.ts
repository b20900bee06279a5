import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { backendNames, table } from "../../src/capabilities";
import { casesOf } from "../../tools/docs/backend-cases";
import { backendPage } from "../../tools/docs/backend-page";

const root = join(__dirname, "../..");
const pages = join(root, "docs/backends");

describe("docs/backends (node tools/run-ts.mjs tools/docs/backends.ts writes it)", () => {
  it("has a page for each backend, and no other", () => {
    expect(
      readdirSync(pages)
        .map((file) => basename(file, ".md"))
        .sort(),
    ).toEqual([...backendNames].sort());
  });

  it.each(backendNames)("%s is what the capability table and its cases say", (backend) => {
    const page = readFileSync(join(pages, `${backend}.md`), "utf8");
    expect(page).toBe(backendPage(backend, casesOf(root, backend)));
    for (const [, target = ""] of page.matchAll(/\]\(\.\.\/\.\.\/([^)]+)\)/g))
      expect(existsSync(join(root, target))).toBe(true);
  });

  it.each(backendNames)("%s names a field for everything that it has", (backend) => {
    const rows = backendPage(backend, casesOf(root, backend)).split("\n");
    const able = table.filter(({ on }) => on[backend].status !== "unsupported");
    for (const { id } of able)
      expect(rows.find((row) => row.startsWith("|") && row.includes(`\`${id}\` |`))).toMatch(/\| `[A-Z]\w+[.`]/);
  });
});
