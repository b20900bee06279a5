// Builds dist/: every source as CommonJS beside its folder, and the data plane as one file. `--types` adds declarations.
import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";

const root = new URL("..", import.meta.url).pathname;
process.chdir(root);
// What starts as a process of its own is one file: reading hundreds of small ones is most of a short command's time.
const processes = ["src/cli/main.ts", "src/host/daemon.ts", "src/host/sidecar.ts"];
// So is what a program loads.
const library = "components/index.ts";
const sources = ["src", "components", "policy", "stacks"].flatMap((dir) =>
  existsSync(dir)
    ? readdirSync(dir, { recursive: true })
        .filter((f) => f.endsWith(".ts") && !f.includes("node_modules"))
        .map((f) => join(dir, f))
        .filter((file) => !file.startsWith("src/cli/commands/") && !processes.includes(file) && file !== library)
    : [],
);
/** In a bundle a source's `__dirname` stays the folder of its own built file, and only the entry is the program. */
const placesOfSources = {
  name: "places-of-sources",
  setup({ onLoad, initialOptions }) {
    const depth = initialOptions.entryPoints.map((entry) => dirname(entry).split("/").length);
    if (new Set(depth).size > 1) throw new Error("entries of a bundle lie equally deep");
    const up = "../".repeat(depth[0]);
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const place = relative(process.cwd(), path).replace(/\.ts$/, ".js");
      const at = (file) => `require("node:path").join(__dirname, ${JSON.stringify(`${up}${file}`)})`;
      const contents = (await readFile(path, "utf8"))
        .replaceAll(/\b__dirname\b/g, () => at(dirname(place)))
        .replaceAll(/\b__filename\b/g, () => at(place))
        .replaceAll("require.main === module", String(initialOptions.entryPoints.includes(relative(".", path))));
      return { contents, loader: "ts" };
    });
  },
};
const common = { platform: "node", target: "node20", format: "cjs", logLevel: "warning" };
if (process.argv.includes("--clean")) rmSync("dist", { recursive: true, force: true });
await build({ ...common, entryPoints: sources, outdir: "dist", outbase: ".", sourcemap: "linked" });
for (const entryPoints of [processes, [library]])
  await build({
    ...common,
    entryPoints,
    outdir: "dist",
    outbase: ".",
    bundle: true,
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    external: ["@pulumi/*"],
    plugins: [placesOfSources],
  });
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
// For editors; what `meshup schema` prints.
const { jsonSchema } = createRequire(import.meta.url)("../dist/src/model/json-schema.js");
await writeFile("dist/mesh.schema.json", JSON.stringify(jsonSchema()));
if (process.argv.includes("--types"))
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tools/tsconfig.types.json"], {
    stdio: "inherit",
  });
