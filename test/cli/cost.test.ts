import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { parse, stringify } from "yaml";
import { join, resolve } from "node:path";
import { execute } from "../../src/cli/main";

const MESH = resolve(__dirname, "../../examples/mesh-up/mesh.yaml");
const TODAY = ["--today", "2026-11-23"];
let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), "meshup-"))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function cost(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const io = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  const code = await execute(["cost", ...argv], io);
  expect(err).not.toMatch(/^\s+at /m);
  return { code, out, err };
}
const file = (name: string, text: string): string => {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
};

describe("meshup cost", () => {
  test("reproduces the article's price and says who contradicts it", async () => {
    const { code, out, err } = await cost(
      MESH,
      "-b",
      "appmesh",
      "--price-book",
      "article",
      "--format",
      "json",
      ...TODAY,
    );
    // Four replicas × $0.0055 × 730 hours.
    const { totalMonthlyCost, timeGenerated } = JSON.parse(out) as Record<string, unknown>;
    expect({ code, totalMonthlyCost, timeGenerated }).toEqual({
      code: 0,
      totalMonthlyCost: "16.06",
      timeGenerated: "2026-11-23T00:00:00Z",
    });
    expect(err).toContain("MESH5034");
  });
  test.each([
    ["met exactly: 0", "16.06", 0],
    ["exceeded by a fraction of a cent: 3", "16.0599", 3],
  ])("a budget %s", async (_, budget, code) => {
    const result = await cost(MESH, "-b", "appmesh", "--price-book", "article", "--budget", budget, ...TODAY);
    expect(result.code).toBe(code);
    expect(result.out).toContain("OVERALL TOTAL");
    expect(result.err.includes("MESH5040")).toBe(code === 3);
  });
  test("all backends side by side by default", async () => {
    const { code, out } = await cost(MESH, "--usage", "small", ...TODAY);
    expect(code).toBe(0);
    for (const backend of ["istio", "linkerd", "vpc-lattice", "gcsm"])
      expect(out).toMatch(new RegExp(`^${backend} `, "m"));
  });
  test("compare leaves out of the choice what cannot express the mesh", async () => {
    // The example accepts what it loses there; a mesh that does not is the one that a backend cannot express.
    const mesh = parse(readFileSync(MESH, "utf8")) as { spec: { backends?: unknown } };
    delete mesh.spec.backends;
    const { out } = await cost("compare", file("plain.yaml", stringify(mesh)), "--usage", "small", ...TODAY);
    expect(out).toMatch(/^vpc-lattice .*vpc-lattice cannot do this/m);
    expect(out).toMatch(/^Cheapest that can express the mesh: (istio|istio-managed-csm|linkerd|proxy),/m);
  });
  test("diff shows what a change costs", async () => {
    const more = file("more.yaml", readFileSync(MESH, "utf8").replace("replicas: 3", "replicas: 13"));
    const { code, out } = await cost(
      "diff",
      MESH,
      more,
      "-b",
      "gcsm",
      "--price-book",
      "article",
      "--format",
      "markdown",
      ...TODAY,
    );
    expect(code).toBe(0);
    expect(out).toContain("Monthly cost will increase by $43.80");
    expect((await cost("diff", more, MESH, "-b", "gcsm", "--price-book", "article", ...TODAY)).out).toContain(
      "Amount:  -$43.80",
    );
  });
  test.each(["table", "markdown", "html", "json"])("prints %s", async (format) => {
    const { code, out } = await cost(MESH, "-b", "istio", "--format", format, ...TODAY);
    expect({ code, empty: out === "" }).toEqual({ code: 0, empty: false });
  });
});

describe("bad input", () => {
  test("a price book's mistake is told with file and line", async () => {
    const book = file(
      "team.yaml",
      "version: 1\nname: team\ndateRead: 2026-11-01\ncurrency: USD\nprices:\n  - { sku: a.b, provider: aws, unit: GB, source: us, price: -1 }\n",
    );
    const { code, err } = await cost(MESH, "-b", "istio", "--price-book", book);
    expect(code).toBe(1);
    expect(err).toContain(`${book}:6:`);
    expect(err).toContain("MESH5003");
  });
  test("a book beside the book is found, and a circle of them is named", async () => {
    const head = (name: string) => `version: 1\nname: ${name}\ndateRead: 2026-11-01\ncurrency: USD\nprices: []\n`;
    const a = file("a.yaml", `${head("a")}extends: [b.yaml]\n`);
    file("b.yaml", `${head("b")}extends: [c.yaml]\n`);
    file("c.yaml", `${head("c")}extends: [b.yaml]\n`);
    const { code, err } = await cost(MESH, "-b", "istio", "--price-book", a);
    expect(code).toBe(1);
    expect(err).toMatch(/MESH5007.*b\.yaml → c\.yaml → b\.yaml/);
  });
  test.each([
    ["no such price book", ["-b", "istio", "--price-book", "nowhere.yaml"], 2],
    ["no such usage file", ["-b", "istio", "--usage", "tiny"], 2],
    ["a budget that is no amount", ["-b", "istio", "--budget", "much"], 2],
    ["a budget for several backends", ["--budget", "5"], 2],
    ["a date that is none", ["-b", "istio", "--today", "soon"], 2],
    ["a region without prices", ["-b", "vpc-lattice", "--region", "eu-west-1"], 1],
    ["a region of another cloud", ["-b", "vpc-lattice", "--region", "us-central1"], 1],
  ])("%s", async (_, argv, code) => {
    const result = await cost(MESH, ...argv);
    expect({ code: result.code, said: result.err !== "" }).toEqual({ code, said: true });
  });
});
