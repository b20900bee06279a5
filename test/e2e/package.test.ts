import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "..", "..");

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

const run = (
  command: string,
  args: readonly string[],
  cwd: string,
): { readonly code: number | null; readonly output: string } => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 64 << 20 });
  return { code: status, output: stdout + stderr };
};

/** The package as npm would install it, in a project that has nothing else: its dependencies are this repository's. */
describe("the package", () => {
  let project: string;
  let paths: readonly string[];
  const installed = (...at: string[]): string => join(project, "node_modules", "meshup", ...at);
  const file = (name: string, text: string): void => writeFileSync(join(project, name), text);

  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), "meshup-package-"));
    // `npm pack` builds first, as `npm publish` would.
    const args = ["pack", "--json", "--silent", "--pack-destination", project];
    const { status, stdout, stderr } = spawnSync("npm", args, { cwd: root, encoding: "utf8", maxBuffer: 64 << 20 });
    if (status !== 0) throw new Error(stdout + stderr);
    const [packed] = JSON.parse(stdout.slice(stdout.indexOf("[\n"))) as [Packed];
    paths = packed.files.map(({ path }) => path);
    mkdirSync(join(project, "node_modules"));
    for (const name of readdirSync(join(root, "node_modules")))
      if (!name.startsWith(".")) symlinkSync(join(root, "node_modules", name), join(project, "node_modules", name));
    mkdirSync(installed());
    const unpacked = run(
      "tar",
      ["xzf", join(project, packed.filename), "--strip-components=1", "-C", installed()],
      project,
    );
    if (unpacked.code !== 0) throw new Error(unpacked.output);
  });
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  it("holds what runs, its types, and what schema inference reads", () => {
    for (const path of [
      "bin/meshup.js",
      "dist/components/index.js",
      "dist/components/index.d.ts",
      "dist/components/local/main.js",
      "dist/components/resources/host-provider.js",
      "dist/meshup-proxy.js",
      "dist/src/cli/main.js",
      "dist/src/cost/generated/data.js",
      "dist/src/host/daemon.js",
      "dist/src/host/reaper.js",
      "dist/src/host/sidecar.js",
      "components/index.ts",
      "components/schema.json",
      "src/model/index.ts",
      "tsconfig.json",
      "PulumiPlugin.yaml",
      "LICENSE",
      "README.md",
      "package.json",
    ])
      expect(paths).toContain(path);
  });

  it("holds no test, no benchmark, no stack and no settings of this repository", () => {
    const strangers = paths.filter((path) =>
      /^(dist\/)?(test|bench|stacks|tools|examples|\.)|\.map$|\.tsbuildinfo$/.test(path),
    );
    expect(strangers).toEqual([]);
  });

  const program = (importing: string): string => `${importing}
    const mesh = new Mesh("shop", { backend: "istio", namespace: "shop" });
    const echo = new MeshService("echo", { ports: [{ port: 80 }] }, { parent: mesh });
    export const address: pulumi.Output<string> = echo.address;
    const args: MeshServiceArgs = { ports: [{ port: 80, protocol: "grpc" }] };
    // @ts-expect-error a backend that there is not
    const wrong: MeshArgs = { backend: "istoi" };
    void [args, wrong];
  `;
  const imports = `import * as pulumi from "@pulumi/pulumi";
    import { Mesh, type MeshArgs, MeshService, type MeshServiceArgs } from "meshup";`;

  it.each([
    { module: "node16", moduleResolution: "node16", type: "commonjs" },
    { module: "node16", moduleResolution: "node16", type: "module" },
    { module: "esnext", moduleResolution: "bundler", type: "module" },
    { module: "preserve", moduleResolution: "bundler", type: "commonjs" },
  ])("type-checks with $moduleResolution, module $module, in a $type project", ({ module, moduleResolution, type }) => {
    file("package.json", JSON.stringify({ name: "user", type }));
    file("index.ts", program(imports));
    const compilerOptions = {
      module,
      moduleResolution,
      strict: true,
      noEmit: true,
      target: "es2022",
      types: [],
      skipLibCheck: true,
    };
    file("tsconfig.json", JSON.stringify({ compilerOptions, files: ["index.ts"] }));
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    expect(run(process.execPath, [tsc, "-p", "."], project)).toEqual({ code: 0, output: "" });
  });

  it("runs from CommonJS, from an ES module and from the command line", () => {
    file("package.json", JSON.stringify({ name: "user" }));
    file("use.cjs", 'const { Mesh } = require("meshup"); console.log(Mesh.__pulumiType);');
    file("use.mjs", 'import { Mesh, Backend } from "meshup"; console.log(Mesh.__pulumiType, Backend.Istio);');
    expect(run(process.execPath, ["use.cjs"], project)).toEqual({ code: 0, output: "meshup:index:Mesh\n" });
    expect(run(process.execPath, ["use.mjs"], project)).toEqual({ code: 0, output: "meshup:index:Mesh istio\n" });
    file("mesh.yaml", "apiVersion: meshup/v1\nkind: Mesh\nmetadata: { name: shop }\nspec: {}\n");
    const rendered = run(process.execPath, [installed("bin", "meshup.js"), "validate", "mesh.yaml"], project);
    expect(rendered).toMatchObject({ code: 0 });
    expect(run(process.execPath, ["--check", installed("dist", "meshup-proxy.js")], project)).toEqual({
      code: 0,
      output: "",
    });
  });

  it("tells other languages the schema that is checked in", () => {
    file(
      "schema.cjs",
      `const { ComponentProvider } = require("@pulumi/pulumi/provider/experimental/provider");
       const components = Object.values(require("meshup")).filter((value) => typeof value === "function");
       new ComponentProvider({ components, dirname: ${JSON.stringify(installed())}, name: "meshup" })
         .getSchema().then((schema) => console.log(schema));`,
    );
    const { code, output } = run(process.execPath, ["schema.cjs"], project);
    expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
    const { version: _, ...schema } = JSON.parse(output) as Record<string, unknown>;
    expect(schema).toEqual(jest.requireActual("../../components/schema.json"));
  });
});
