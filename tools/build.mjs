// Builds dist/: every source as CommonJS beside its folder, and the data plane as one file. `--types` adds declarations.
import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const root = new URL("..", import.meta.url).pathname;
process.chdir(root);
const sources = ["src", "components", "policy", "stacks"].flatMap((dir) =>
  existsSync(dir)
    ? readdirSync(dir, { recursive: true })
        .filter((f) => f.endsWith(".ts") && !f.includes("node_modules"))
        .map((f) => join(dir, f))
    : [],
);
const common = { platform: "node", target: "node20", format: "cjs", logLevel: "warning" };
if (process.argv.includes("--clean")) rmSync("dist", { recursive: true, force: true });
await build({ ...common, entryPoints: sources, outdir: "dist", outbase: ".", sourcemap: "linked" });
if (existsSync("src/proxy/main.ts"))
  await build({
    ...common,
    entryPoints: ["src/proxy/main.ts"],
    bundle: true,
    minify: true,
    keepNames: false,
    outfile: "dist/meshup-proxy.js",
  });
// The policy pack runs by itself, beside whatever @pulumi the program has.
if (existsSync("policy/index.ts"))
  await build({
    ...common,
    entryPoints: ["policy/index.ts"],
    bundle: true,
    external: ["@pulumi/*"],
    outfile: "policy/dist/index.js",
  });
if (process.argv.includes("--types"))
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tools/tsconfig.types.json"], {
    stdio: "inherit",
  });
