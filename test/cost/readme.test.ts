/** README.md's table is what the command prints; `UPDATE_GOLDEN=1` writes it anew. */
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { execute } from "../../src/cli/main";

const README = resolve(__dirname, "../../README.md");
const BLOCK = /(<!-- meshup (cost compare [^>]*?) -->\n)([\s\S]*?)(<!-- end -->)/;

test("the shop on every backend costs what README.md says", async () => {
  const text = readFileSync(README, "utf8");
  const [, start = "", command = "", written = "", end = ""] = BLOCK.exec(text) ?? [];
  expect(command).toContain("examples/shop/mesh.yaml");
  const argv = command.split(" ").map((word) => (word.startsWith("examples/") ? join(README, "..", word) : word));
  let out = "";
  const code = await execute([...argv, "--today", "2026-11-23"], { out: (t) => void (out += t), err: () => undefined });
  expect(code).toBe(0);
  const block = `\n${out}\n`;
  if (process.env.UPDATE_GOLDEN === "1")
    writeFileSync(
      README,
      text.replace(BLOCK, () => start + block + end),
    );
  else expect(written).toBe(block);
});
