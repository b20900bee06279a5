import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";
import type { PulumiEngine } from "../../test/e2e/support/pulumi";
import { type Measured, measure } from "./measure";

const root = resolve(__dirname, "..", "..");

export const programs = ["by-hand", "with-components"] as const;
export type ProgramName = (typeof programs)[number];
export const operations = ["preview", "up", "no-op up"] as const;
export type Operation = (typeof operations)[number];

interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly inputs?: object;
  readonly dependencies?: readonly string[];
}

/** One of the programs as a Pulumi project of its own, with a stack in the engine's state. */
export class BenchStack {
  readonly #directory: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(
    private readonly cli: string,
    engine: PulumiEngine,
    readonly program: ProgramName,
    readonly name: string,
    services: number,
  ) {
    this.#directory = join(engine.directory, `${program}-${name}`);
    mkdirSync(join(this.#directory, "node_modules"), { recursive: true });
    for (const folder of ["@pulumi", "@grpc"])
      symlinkSync(join(root, "node_modules", folder), join(this.#directory, "node_modules", folder));
    symlinkSync(root, join(this.#directory, "node_modules", "meshup"));
    writeFileSync(join(this.#directory, "package.json"), JSON.stringify({ name: program, main: "index.js" }));
    writeFileSync(join(this.#directory, "Pulumi.yaml"), `name: ${program}\nruntime: nodejs\n`);
    buildSync({
      entryPoints: [join(root, "bench", "pulumi", `${program}.ts`)],
      outfile: join(this.#directory, "index.js"),
      bundle: true,
      platform: "node",
      packages: "external",
    });
    this.#env = { ...process.env, ...engine.env, BENCH_SERVICES: String(services) };
    this.#pulumi("stack", "init", name);
  }

  async run(operation: Operation): Promise<Measured> {
    const stack = ["--stack", this.name];
    const args =
      operation === "preview"
        ? ["preview", ...stack]
        : ["up", "--yes", "--skip-preview", "--suppress-outputs", ...stack];
    return measure(this.cli, args, { cwd: this.#directory, env: this.#env });
  }

  /** What the stack holds of providers' resources, in the order in which it can be made. */
  resources(): readonly StateResource[] {
    const file = join(this.#directory, "state.json");
    this.#pulumi("stack", "export", "--stack", this.name, "--file", file);
    const { deployment } = JSON.parse(readFileSync(file, "utf8")) as { deployment: { resources?: StateResource[] } };
    return (deployment.resources ?? []).filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
  }

  /** Has the program by hand make these. */
  imitate(resources: readonly StateResource[]): void {
    const written = resources.map(({ urn, type, inputs = {}, dependencies = [] }) => ({
      ...classOf(type),
      id: idOf(urn),
      name: nameOf(urn),
      inputs,
      dependsOn: dependencies.map(idOf),
    }));
    writeFileSync(join(this.#directory, "resources.json"), JSON.stringify(written));
  }

  #pulumi(...args: string[]): void {
    const { status, stdout, stderr } = spawnSync(this.cli, args, {
      cwd: this.#directory,
      env: this.#env,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`pulumi ${args.join(" ")}\n${stdout}${stderr}`);
  }
}

const nameOf = (urn: string): string => urn.split("::").at(-1) ?? urn;
/** `kubernetes:core/v1:Service::name`: the type without its parents', and the name. */
const idOf = (urn: string): string => `${(urn.split("::")[2] ?? "").split("$").at(-1)}::${nameOf(urn)}`;

/** Folders of @pulumi/kubernetes that hold what a mesh on Istio is made of; everything else is a custom resource. */
const folders: Readonly<Record<string, string>> = { core: "core", apps: "apps" };

/** The class of `kubernetes:core/v1:Service`. */
function classOf(type: string): { readonly module: string; readonly kind: string } {
  const [, apiVersion = "", kind = ""] = type.split(":");
  const [group = "", version = ""] = apiVersion.split("/");
  const folder = folders[group];
  return folder === undefined
    ? { module: "@pulumi/kubernetes/apiextensions", kind: "CustomResource" }
    : { module: `@pulumi/kubernetes/${folder}/${version}`, kind };
}

/** A stack's resources for a comparison with another's: where they are in the tree of components does not count. */
export const contents = (resources: readonly StateResource[]): string =>
  JSON.stringify(resources.map(({ urn, inputs }) => `${idOf(urn)} ${sorted(inputs)}`).sort());

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
