import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { type EngineEvent, LocalWorkspace, PulumiCommand, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import { buildSync } from "esbuild";

const root = resolve(__dirname, "..", "..", "..");

/** How an operation went: what the engine did by kind, and what it told the user. */
export interface Outcome {
  readonly ok: boolean;
  /** `create`, `update`, `same`, … with the resources, each as `Type::name`. */
  readonly steps: Readonly<Record<string, readonly string[]>>;
  readonly urns: readonly string[];
  /** Diagnostics of severity error and warning. */
  readonly errors: string;
  readonly warnings: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** How a command ended, and what it wrote. */
export interface Said {
  readonly code: number | null;
  readonly output: string;
}

/** The real engine, with a state, a home and stand-in plugins of its own below one temporary directory. */
export class PulumiEngine {
  readonly directory = mkdtempSync(join(tmpdir(), "meshup-pulumi-"));
  readonly env: Readonly<Record<string, string>>;

  /** `more`: environment of the engine's plugins. */
  constructor(
    private readonly cli: string,
    more: Readonly<Record<string, string>> = {},
  ) {
    const at = (name: string): string => join(this.directory, name);
    for (const name of ["state", "home", "bin", "host", "inline/node_modules"])
      mkdirSync(at(name), { recursive: true });
    // As after `npm install meshup`: the engine's dynamic provider finds the package from the project.
    symlinkSync(root, at("inline/node_modules/meshup"));
    symlinkSync(join(root, "node_modules/@pulumi"), at("inline/node_modules/@pulumi"));
    this.env = {
      PULUMI_BACKEND_URL: `file://${at("state")}`,
      PULUMI_HOME: at("home"),
      PULUMI_CONFIG_PASSPHRASE: "e2e",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      XDG_STATE_HOME: at("host"),
      ...more,
      PATH: [at("bin"), join(root, "node_modules/@pulumi/pulumi"), dirname(cli), process.env.PATH].join(delimiter),
    };
  }

  /** Puts a stand-in `pulumi-resource-NAME` or the like on the engine's PATH, made from a file beside this one. */
  plugin(name: string, source: string): void {
    const script = join(this.directory, `${name}.js`);
    buildSync({
      entryPoints: [join(__dirname, source)],
      outfile: script,
      bundle: true,
      platform: "node",
      target: "node20",
      packages: "external",
    });
    const launcher = join(this.directory, "bin", name);
    const modules = join(root, "node_modules");
    writeFileSync(launcher, `#!/bin/sh\nNODE_PATH='${modules}' exec '${process.execPath}' '${script}' "$@"\n`);
    chmodSync(launcher, 0o755);
  }

  /** A copy of this repository's Pulumi projects, and the command in one of them: stack settings are written there. */
  project(): (...args: string[]) => Said {
    const directory = join(this.directory, "project");
    mkdirSync(directory);
    for (const name of ["Pulumi.yaml", "stacks", "package.json", "tsconfig.json"])
      cpSync(join(root, name), join(directory, name), { recursive: true });
    for (const name of ["components", "src", "dist", "examples", "node_modules"])
      symlinkSync(join(root, name), join(directory, name));
    return this.command(".");
  }

  /** The command in another project of the copy. */
  command(at: string): (...args: string[]) => Said {
    const { env, cwd } = this.projectEnvironment();
    return (...args) => {
      const { status, stdout, stderr } = spawnSync(this.cli, args, { cwd: join(cwd, at), env, encoding: "utf8" });
      return { code: status, output: stdout + stderr };
    };
  }

  /** Where the copy of the project is, and the environment that finds this engine. */
  projectEnvironment = (): { readonly cwd: string; readonly env: NodeJS.ProcessEnv } => ({
    cwd: join(this.directory, "project"),
    env: { ...process.env, ...this.env },
  });

  /** A stack whose program is this process's own function. */
  async stack(name: string, program: PulumiFn): Promise<EngineStack> {
    const pulumiCommand = await PulumiCommand.get({ root: dirname(dirname(this.cli)), skipVersionCheck: true });
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: `organization/mesh-up/${name}`, projectName: "mesh-up", program },
      { pulumiCommand, workDir: join(this.directory, "inline"), envVars: { ...this.env } },
    );
    return new EngineStack(stack);
  }

  /** The state as it lies on the disk, with what is secret encrypted: `state` of a stack shows secrets. */
  stored(name: string): string {
    return readFileSync(join(this.directory, "state", ".pulumi", "stacks", "mesh-up", `${name}.json`), "utf8");
  }

  close(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export class EngineStack {
  constructor(private readonly stack: Stack) {}

  preview = (program?: PulumiFn): Promise<Outcome> =>
    observe((onEvent) => this.stack.preview({ onEvent, ...(program === undefined ? {} : { program }) }));
  up = (program?: PulumiFn): Promise<Outcome> =>
    observe((onEvent) => this.stack.up({ onEvent, ...(program === undefined ? {} : { program }) }));
  refresh = (): Promise<Outcome> => observe((onEvent) => this.stack.refresh({ onEvent }));
  destroy = (): Promise<Outcome> => observe((onEvent) => this.stack.destroy({ onEvent }));

  /** URNs in the state, and the state itself as text. */
  async state(): Promise<{ readonly urns: readonly string[]; readonly text: string }> {
    const { deployment } = await this.stack.exportStack();
    const { resources = [] } = deployment as { resources?: { urn: string }[] };
    return { urns: resources.map(({ urn }) => urn), text: JSON.stringify(deployment) };
  }
}

async function observe(work: (onEvent: (event: EngineEvent) => void) => Promise<unknown>): Promise<Outcome> {
  const steps: Record<string, string[]> = {};
  const urns: string[] = [];
  const told = { error: "", warning: "" } as Record<string, string>;
  const onEvent = ({ resourcePreEvent, diagnosticEvent }: EngineEvent): void => {
    if (resourcePreEvent !== undefined) {
      const { op, urn } = resourcePreEvent.metadata;
      urns.push(urn);
      (steps[op] ??= []).push(urn.split("::").slice(2).join("::").split("$").at(-1) ?? urn);
    }
    const { severity = "", message = "" } = diagnosticEvent ?? {};
    told[severity] = (told[severity] ?? "") + message;
  };
  let ok = true;
  let outputs: Record<string, unknown> = {};
  try {
    const result = (await work(onEvent)) as { outputs?: Record<string, { value: unknown }> };
    outputs = Object.fromEntries(Object.entries(result.outputs ?? {}).map(([key, { value }]) => [key, value]));
  } catch (error) {
    ok = false;
    told.error += String((error as Error).message);
  }
  return { ok, steps, urns, errors: told.error ?? "", warnings: told.warning ?? "", outputs };
}
