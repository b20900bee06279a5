import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { backendNames } from "../../src/capabilities";
import { backendPage } from "../../tools/docs/backend-page";

const root = join(__dirname, "../..");
const pages = join(root, "docs/backends");
const folderOf = (backend: string): string => join(root, "test/renderers", backend, "cases");

describe("docs/backends (node tools/run-ts.mjs tools/docs/backends.ts writes it)", () => {
  const written = backendNames.filter((backend) => existsSync(folderOf(backend)));

  it("has a page for each backend with golden cases, and no other", () => {
    expect(readdirSync(pages).map((file) => basename(file, ".md"))).toEqual([...written].sort());
  });

  it.each(written)("%s is what the capability table and its cases say", (backend) => {
    const cases = readdirSync(folderOf(backend))
      .filter((file) => file.endsWith(".yaml"))
      .sort()
      .map((file) => ({
        path: join("test/renderers", backend, "cases", file),
        text: readFileSync(join(folderOf(backend), file), "utf8"),
      }));
    const page = readFileSync(join(pages, `${backend}.md`), "utf8");
    expect(page).toBe(backendPage(backend, cases));
    for (const [, target = ""] of page.matchAll(/\]\(\.\.\/\.\.\/([^)]+)\)/g))
      expect(existsSync(join(root, target))).toBe(true);
  });
});
