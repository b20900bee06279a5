// Runs one TypeScript file: node tools/run-ts.mjs bench/model.ts [args]. NODE_OPTIONS-style flags go before the file.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { tmpdir } from "node:os";

const args = process.argv.slice(2);
const at = args.findIndex((a) => !a.startsWith("-"));
if (at < 0) {
  console.error("usage: node tools/run-ts.mjs [node flags] FILE [args]");
  process.exit(2);
}
/** A bundle runs from a temporary folder: each source's __dirname and __filename stay its own. */
const placesOfSources = {
  name: "places-of-sources",
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8"))
        .replaceAll(/\b__dirname\b/g, () => JSON.stringify(dirname(path)))
        .replaceAll(/\b__filename\b/g, () => JSON.stringify(path)),
      loader: "ts",
    }));
  },
};
const dir = mkdtempSync(join(tmpdir(), "meshup-run-"));
const outfile = join(dir, "main.cjs");
const file = resolve(args[at]);
await build({
  entryPoints: [file],
  outfile,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  packages: "external",
  logLevel: "warning",
  plugins: [placesOfSources],
});
const result = spawnSync(process.execPath, [...args.slice(0, at), outfile, ...args.slice(at + 1)], {
  stdio: "inherit",
  env: { ...process.env, NODE_PATH: resolve(new URL("..", import.meta.url).pathname, "node_modules") },
});
rmSync(dir, { recursive: true, force: true });
process.exit(result.status ?? 1);
