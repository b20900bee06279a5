import { spawnSync } from "node:child_process";
import { join } from "node:path";

test("the table, the message types and docs/envoy-subset.md are what the subset generates", () => {
  const script = join(__dirname, "..", "..", "..", "tools", "xds", "generate.mjs");
  const run = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
  expect(run.stderr).toBe("");
  expect(run.status).toBe(0);
});
