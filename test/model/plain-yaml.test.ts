import * as fc from "fast-check";
import { CORE_SCHEMA, dump, loadAll, mergeTag } from "js-yaml";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadMesh } from "../../src/model";
import { readPlainYaml } from "../../src/model/plain-yaml";

const schema = CORE_SCHEMA.withTags(mergeTag);
/** What the library makes of it: its documents, or "refused". */
function library(text: string): unknown {
  try {
    return loadAll(text, { schema });
  } catch {
    return "refused";
  }
}
/** The plain reader may pass, but where it answers, the library must answer the same. */
function agrees(text: string): boolean {
  const plain = readPlainYaml(text);
  if (plain !== undefined) expect({ text, read: [plain.document] }).toEqual({ text, read: library(text) });
  return plain !== undefined;
}

const PLAIN = [
  "a: 1\nb: two # three\n# four\n\nc:\n  - d\n  -   e: f\n      g: h#i\n  - - 1\n    - 2\n",
  "a:\n- b\n- c:\n  - d\n- e:\nf:\n",
  "a: { b: [c, 'it''s', \"x\\ny\"], d: {e: f,}, \"g\":h, i: http://x:80/y?z#w }\nj: [ ]\nk: {}",
  "a: {\n  b: c, # d\n  e: [\n    f\n  ]\n }\n",
  "'a b': 1\n\"c: d\": 2\n8080: x\n0x10: y\ntrue: z\ne : f\n",
  "a: -5\nb: +0x1F\nc: 0o17\nd: 1e3\ne: .5\nf: .inf\ng: ~\nh: Null\ni: TRUE\nj: nul\nk: 007\nl: 1.2.3\nm: ---\n",
  "hello\n",
  "- {a: -b, c: d-}\n- [-1, - 2]\n".replace("- 2", "-2"),
  "a:\n    b: 1\n    c:\n       d\ne: fé ‑ ü\n",
];
const NOT_PLAIN = [
  "",
  "# nothing\n",
  "a: &x 1\nb: *x\n",
  "a: !!str 1\n",
  "a: |\n  text\n",
  "a: one\n  two\n",
  "a: 'one\n  two'\n",
  "[one\n two]",
  "a: 1\na: 2\n",
  "a: { b: 1, b: 2 }\n",
  "<<: { a: 1 }\n",
  "__proto__: { a: 1 }\n",
  "---\na: 1\n",
  "a: 1\n---\nb: 2\n",
  "%YAML 1.2\n---\na: 1\n",
  "a:\tb\n",
  "a: 1\r\nb: 2\r\n",
  "a: b: c\n",
  "a: - b\n",
  "a: [b\n",
  "a: [b: c]\n",
  "a: {b}\n",
  "a: {b: c d: e}\n",
  "a: [b,, c]\n",
  'a: "b" c\n',
  "a: [b] c\n",
  "a:\n  b: 1\n c: 2\n",
  "a: 1\n b: 2\n",
  "- a\nb: c\n",
  "? a\n: b\n",
  "a: @b\n",
  "a: 'b\n",
  'a: "\\x41"\n',
  "a: \u{1f600}\n",
  "a: {\nb: c\n}\n",
  `a: ${"[".repeat(70)}${"]".repeat(70)}\n`,
];

describe("reading plain YAML", () => {
  it.each(PLAIN)("reads %j as the library does", (text) => {
    expect(agrees(text)).toBe(true);
  });

  it.each(NOT_PLAIN)("leaves %j to the library", (text) => {
    expect(readPlainYaml(text)).toBeUndefined();
  });

  it("reads the examples as the library does", () => {
    const examples = join(__dirname, "../../examples");
    const files = readdirSync(examples, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".yaml"));
    const plain = files.filter((file) => agrees(readFileSync(join(examples, file), "utf8")));
    expect(plain).toContain(join("mesh-up", "mesh.yaml"));
  });

  it("reads what the library writes, in either style, as the library does", () => {
    const word = fc.string({ unit: fc.constantFrom(..."ab1-.:#,[]{}'\"\\ /~*&!|>%@`?+<=é\n"), maxLength: 6 });
    const value = fc.letrec((tie) => ({
      node: fc.oneof({ maxDepth: 4 }, tie("leaf"), fc.array(tie("node")), fc.dictionary(word, tie("node"))),
      leaf: fc.oneof(word, fc.integer(), fc.double(), fc.boolean(), fc.constant(null)),
    })).node;
    let plain = 0;
    const property = fc.property(value, fc.integer({ min: -1, max: 4 }), (written, flowLevel) => {
      if (agrees(dump(written, { schema: CORE_SCHEMA, flowLevel }))) plain++;
    });
    fc.assert(property, { numRuns: 200 });
    expect(plain).toBeGreaterThan(50);
  });

  it("agrees with the library on texts that were changed anywhere", () => {
    const piece = fc.constantFrom(
      ..."a1:-#,[]{}'\"\\ \n~?&*!|>%<.\t\r\0",
      ": ",
      "\n  ",
      "\n- ",
      " #",
      "- ",
      "---\n",
      "\n",
      "x: y",
    );
    const change = fc.tuple(fc.nat(), fc.nat(3), piece);
    const texts = [...PLAIN, ...NOT_PLAIN.filter((text) => text.length < 100)];
    const property = fc.property(
      fc.constantFrom(...texts),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      (text, changes) => {
        let changed = text;
        for (const [where, cut, added] of changes) {
          const at = where % (changed.length + 1);
          changed = changed.slice(0, at) + added + changed.slice(at + cut);
        }
        agrees(changed);
      },
    );
    fc.assert(property, { numRuns: 3000 });
  });

  it("says where a mistake is, as it does in text that is not plain", () => {
    const spec = "services:\n    - name: cart\n      ports: [{ port: 80 }, { port: 99999 }]\n";
    const text = `apiVersion: meshup/v1\nkind: Mesh\nmetadata: { name: m }\nspec:\n  ${spec}`;
    const [plain, other] = [text, text.replace("m }", "!!str m }")].map((each) => loadMesh(each).findings);
    expect(plain).toEqual([expect.objectContaining({ code: "MESH0015", line: 7, column: 37 })]);
    expect(other).toEqual(plain);
  });
});
