import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Pulumi from "@pulumi/pulumi";
import { codes, userError } from "../errors";
import { HostMesh, type HostMeshInputs } from "../resources/host-mesh";
import type { StackProject } from "./project";

/**
 * Runs a stack's program against the SDK's own monitor, as a preview: every resource is seen, none is made. Meshes on
 * this host are what it gives; anything else needs the engine, and is listed in the error.
 */
export async function evaluate(stack: StackProject): Promise<readonly HostMeshInputs[]> {
  const load = createRequire(join(stack.directory, "program.js"));
  const pulumi = sdk(load);
  const meshes: HostMeshInputs[] = [];
  const others: string[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs, custom }) {
        if (type === HostMesh.type) meshes.push(meshOf(inputs));
        else if (custom === true) others.push(`${type} ${name}`);
        return { id: undefined, state: {} };
      },
      call({ token }) {
        others.push(`a call of ${token}`);
        return {};
      },
    },
    stack.project,
    stack.stack,
    true,
    "organization",
  );
  pulumi.runtime.setAllConfig({ ...stack.config }, []);
  process.chdir(stack.directory);
  if (entryIsTypeScript(stack.program)) registerTypeScript(load);
  await pulumi.runtime.runInPulumiStack(async () => {
    const program: unknown = load(stack.program);
    return typeof program === "function" ? ((await program()) as unknown) : program;
  });
  await pulumi.runtime.disconnect();
  if (others.length > 0)
    throw userError(
      codes.notOnThisHost,
      `Stack ${stack.stack} needs the Pulumi engine for:\n  ${others.sort().join("\n  ")}`,
      `Get it from https://www.pulumi.com/docs/install/, then run: pulumi up --stack ${stack.stack}`,
    );
  return meshes;
}

const meshOf = ({ name, directory, document }: HostMeshInputs): HostMeshInputs => ({ name, directory, document });

/** The program's own SDK: components and monitor meet in it. */
function sdk(load: NodeJS.Require): typeof Pulumi {
  try {
    return load("@pulumi/pulumi") as typeof Pulumi;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    throw userError(codes.missingPackage, "The program needs @pulumi/pulumi.", "Run: npm install @pulumi/pulumi");
  }
}

const entryIsTypeScript = (program: string): boolean =>
  program.endsWith(".ts") || (!existsSync(join(program, "index.js")) && existsSync(join(program, "index.ts")));

/** As the engine's language host does it: the program's ts-node, or the one inside the SDK; types are not checked. */
function registerTypeScript(load: NodeJS.Require): void {
  const { tsnodeRequire, typescriptRequire } = (
    load("@pulumi/pulumi/tsutils") as { typeScriptRequireStrings(): Record<string, string> }
  ).typeScriptRequireStrings();
  const { register } = load(tsnodeRequire!) as { register(options: object): void };
  const compilerOptions = { target: "ES2022", module: "nodenext", moduleResolution: "nodenext", esModuleInterop: true };
  register({ compiler: typescriptRequire, transpileOnly: true, skipProject: true, compilerOptions });
}
