import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { load, YAMLException } from "js-yaml";
import { codes, userError } from "../errors";

type Data = Readonly<Record<string, unknown>>;
const isData = (value: unknown): value is Data => typeof value === "object" && value !== null && !Array.isArray(value);

/** One stack of a Pulumi project, read from its files without the engine. */
export interface StackProject {
  readonly project: string;
  readonly stack: string;
  /** Where Pulumi.yaml lies. */
  readonly root: string;
  /** The directory that the program runs in, and its file or folder. */
  readonly directory: string;
  readonly program: string;
  /** `project:key` to text; structured values are JSON, as the engine passes them. */
  readonly config: Readonly<Record<string, string>>;
}

/** Reads Pulumi.yaml, found in `from` or above it, and Pulumi.<stack>.yaml. Throws what is wrong as a user's error. */
export function readProject(from: string, stack: string): StackProject {
  const root = findRoot(from);
  const file = join(root, "Pulumi.yaml");
  const project = readYaml(file);
  const name = project.name;
  if (typeof name !== "string") throw broken(file, "it has no name");
  const runtime = isData(project.runtime) ? project.runtime.name : project.runtime;
  if (runtime !== "nodejs")
    throw broken(file, `its runtime is ${String(runtime)}, and only nodejs runs without the engine`);
  const main = resolve(root, typeof project.main === "string" ? project.main : ".");
  if (!existsSync(main)) throw broken(file, `main points to ${main}, which is not there`);
  const settings = resolve(root, typeof project.stackConfigDir === "string" ? project.stackConfigDir : ".");
  return {
    project: name,
    stack,
    root,
    directory: statSync(main).isDirectory() ? main : dirname(main),
    program: main,
    config: { ...defaults(name, project.config), ...stackConfig(name, settings, stack) },
  };
}

function findRoot(from: string): string {
  for (let at = resolve(from); ; at = dirname(at)) {
    if (existsSync(join(at, "Pulumi.yaml"))) return at;
    if (dirname(at) === at)
      throw userError(
        codes.notAProject,
        `No Pulumi.yaml in ${resolve(from)} or above it.`,
        "Run this in a Pulumi project, or give a mesh.yaml instead of --stack.",
      );
  }
}

function readYaml(file: string): Data {
  try {
    const read = load(readFileSync(file, "utf8")) ?? {};
    if (isData(read)) return read;
  } catch (error) {
    if (error instanceof YAMLException) throw broken(file, error.message);
    throw error;
  }
  throw broken(file, "it is not a mapping");
}

const broken = (file: string, why: string) => userError(codes.notAProject, `${file}: ${why}.`, "Mend it.");

/** `config:` of Pulumi.yaml: a value, or a declaration with a default or a value. */
function defaults(project: string, config: unknown): Record<string, string> {
  if (!isData(config)) return {};
  const found: Record<string, string> = {};
  for (const [key, declared] of Object.entries(config)) {
    const value = isData(declared) ? (declared.value ?? declared.default) : declared;
    if (value !== undefined) found[qualified(project, key)] = asText(value);
  }
  return found;
}

function stackConfig(project: string, directory: string, stack: string): Record<string, string> {
  const file = join(directory, `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) {
    const known = stacksIn(directory).join(", ") || "none";
    throw userError(codes.notAProject, `There is no stack ${stack}: ${file} is absent.`, `There are: ${known}.`);
  }
  const { config } = readYaml(file);
  if (config === undefined || config === null) return {};
  if (!isData(config)) throw broken(file, "config is not a mapping");
  const secrets = Object.keys(config).filter((key) => holdsSecret(config[key]));
  if (secrets.length > 0)
    throw userError(
      codes.hostOnlyPlain,
      `${file}: ${secrets.join(", ")} is encrypted, and only the Pulumi engine has the key.`,
      "Get it from https://www.pulumi.com/docs/install/, or give this stack plain config.",
    );
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [qualified(project, key), asText(value)]));
}

const holdsSecret = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.some(holdsSecret)
    : isData(value) && (typeof value.secure === "string" || Object.values(value).some(holdsSecret));

const qualified = (project: string, key: string): string => (key.includes(":") ? key : `${project}:${key}`);
const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

const stacksIn = (directory: string): string[] =>
  readdirSync(directory)
    .flatMap((file) => /^Pulumi\.(.+)\.ya?ml$/.exec(file)?.[1] ?? [])
    .sort();
