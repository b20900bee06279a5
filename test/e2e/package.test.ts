import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { part } from "./support/parts";

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

/** The version of a package that this repository has: what npm has just fetched it need not fetch again. */
const pinned = (name: string): string => {
  const { version } = JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")) as {
    readonly version: string;
  };
  return `${name}@${version}`;
};

/** Every Node that the package is for: this one, and those that tools/parts/build.sh has brought. */
const nodes: readonly { readonly version: string; readonly node: string }[] = [
  { version: process.version, node: process.execPath },
  ...(["node22", "node24"] as const).flatMap((name) => {
    const node = part(name);
    if (node === undefined)
      process.stderr.write(`the package on ${name}: skipped (tools/parts/build.sh node gets it)\n`);
    return node === undefined ? [] : [{ version: name, node }];
  }),
];

/** The package as npm installs it, in a project that has nothing else but the SDK and a compiler. */
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
    file("package.json", JSON.stringify({ name: "user", private: true }));
    const wanted = [`./${packed.filename}`, ...["@pulumi/pulumi", "typescript", "@types/node"].map(pinned)];
    const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
    const install = run("npm", ["install", ...quiet, ...wanted], project);
    if (install.code !== 0) throw new Error(install.output);
  }, 600_000);
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  it("holds what runs, its types, and what schema inference reads", () => {
    for (const path of [
      "bin/meshup.js",
      "dist/components/index.js",
      "dist/components/index.d.ts",
      "dist/components/local/main.js",
      "dist/components/resources/host-provider.js",
      "dist/mesh.schema.json",
      "dist/meshup-proxy.js",
      "dist/policy/index.js",
      "dist/src/cli/main.js",
      "dist/src/cost/generated/data.js",
      "dist/src/host/daemon.js",
      "dist/src/host/reaper.js",
      "dist/src/host/sidecar.js",
      "components/index.ts",
      "components/schema.json",
      "components/args/mesh.ts",
      "policy/PulumiPolicy.yaml",
      "policy/dist/index.js",
      "policy/package.json",
      ...readdirSync(join(root, "policy", "presets")).map((name) => `policy/presets/${name}`),
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

  const compilers = [
    { module: "node16", moduleResolution: "node16", type: "commonjs" },
    { module: "node16", moduleResolution: "node16", type: "module" },
    { module: "esnext", moduleResolution: "bundler", type: "module" },
    { module: "preserve", moduleResolution: "bundler", type: "commonjs" },
  ];
  it.each(compilers)(
    "type-checks with $moduleResolution, module $module, in a $type project",
    ({ module, moduleResolution, type }) => {
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
      const tsc = join(project, "node_modules", "typescript", "bin", "tsc");
      expect(run(process.execPath, [tsc, "-p", "."], project)).toEqual({ code: 0, output: "" });
    },
  );

  it.each(nodes)("runs from CommonJS, from an ES module and from the command line, on Node $version", ({ node }) => {
    file("package.json", JSON.stringify({ name: "user" }));
    file("use.cjs", 'const { Mesh } = require("meshup"); console.log(Mesh.__pulumiType);');
    file("use.mjs", 'import { Mesh, Backend } from "meshup"; console.log(Mesh.__pulumiType, Backend.Istio);');
    expect(run(node, ["use.cjs"], project)).toEqual({ code: 0, output: "meshup:index:Mesh\n" });
    expect(run(node, ["use.mjs"], project)).toEqual({ code: 0, output: "meshup:index:Mesh istio\n" });
    file("mesh.yaml", "apiVersion: meshup/v1\nkind: Mesh\nmetadata: { name: shop }\nspec: {}\n");
    const meshup = (...args: string[]) => run(node, [installed("bin", "meshup.js"), ...args], project);
    expect(meshup("validate", "mesh.yaml")).toMatchObject({ code: 0 });
    expect(meshup("policy", "check", "mesh.yaml")).toMatchObject({ code: 0 });
    expect(run(node, ["--check", installed("dist", "meshup-proxy.js")], project)).toEqual({ code: 0, output: "" });
  });

  it.each(nodes)("makes a mesh's resources in a program of either kind, on Node $version", ({ node }) => {
    const use = (load: string): string => `${load}
      await pulumi.runtime.setMocks({
        newResource: ({ type, inputs }) => (console.log(type), { id: "id", state: inputs }),
        call: ({ inputs }) => inputs,
      });
      new Mesh("shop", { backend: "proxy", services: [{ name: "echo", ports: [{ port: 80 }] }] });
      await pulumi.runtime.disconnect();`;
    const made = "meshup:index:Mesh\nmeshup:index:MeshService\npulumi-nodejs:dynamic/meshup:HostMesh\n";
    const commonjs = 'const pulumi = require("@pulumi/pulumi"); const { Mesh } = require("meshup");';
    file("program.cjs", `(async () => { ${use(commonjs)} })();`);
    file("program.mjs", use('import * as pulumi from "@pulumi/pulumi"; import { Mesh } from "meshup";'));
    for (const name of ["program.cjs", "program.mjs"])
      expect({ name, ...run(node, [name], project) }).toEqual({ name, code: 0, output: made });
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
