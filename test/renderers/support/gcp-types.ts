import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import type { PlanResource } from "../../../src/plan";
import { isReference } from "../../../src/plan/plan";

const root = join(__dirname, "../../../node_modules/@pulumi/gcp");

/**
 * Type-checks resources against the provider's own types, as a program that a user would write. References stand as
 * outputs. Gives the compiler's messages. One file a resource type keeps the provider's declarations to those needed.
 */
export function typeMistakes(resources: readonly PlanResource[]): string[] {
  const lines = ['import type { Output } from "@pulumi/pulumi";', "declare const output: Output<string>;"];
  const imports = new Map<string, string>();
  for (const [r, resource] of resources.entries()) {
    const [, path = "", kind = ""] = resource.type.split(":");
    imports.set(resource.type, `import type { ${kind}Args as ${alias(resource.type)} } from "@pulumi/gcp/${path}";`);
    lines.push(`export const r${r}: ${alias(resource.type)} = ${literal(resource.properties)};`);
  }
  const text = [...imports.values(), ...lines].join("\n");
  const file = join(__dirname, "gcp-program.ts");
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version) =>
    name === file ? ts.createSourceFile(name, text, version) : read(name, version);
  host.fileExists = (name) => name === file || ts.sys.fileExists(name);
  const program = ts.createProgram([file], options, host);
  const source = program.getSourceFile(file);
  return ts.getPreEmitDiagnostics(program, source).map(({ messageText, start }) => {
    const { line } = source?.getLineAndCharacterOfPosition(start ?? 0) ?? { line: 0 };
    const id = resources[line - imports.size - 2]?.id ?? "the program";
    return `${id}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
}

const alias = (type: string): string => type.replace(/\W/g, "_");
function literal(value: unknown): string {
  if (isReference(value)) return "output";
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, each]) => `${JSON.stringify(key)}: ${literal(each)}`)
    .join(", ")} }`;
}

/** What the provider's comments say a field may be: "Possible values are: `A`, `B`." */
export function possibleValues(file: string, field: string): readonly string[] {
  const text = readFileSync(join(root, file), "utf8");
  const at = text.lastIndexOf(`\n    ${field}?:`);
  const comment = text.slice(text.lastIndexOf("/**", at), at);
  const said = /Possible values are: ([^.]+)\./.exec(comment)?.[1] ?? "";
  return [...said.matchAll(/`([^`]+)`/g)].map(([, value = ""]) => value);
}
