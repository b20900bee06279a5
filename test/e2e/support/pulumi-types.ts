import { join } from "node:path";
import ts from "typescript";
import { isReference, mapValues, type PlanResource } from "../../../src/plan";

const root = join(__dirname, "../../..");
const FILE = join(root, "plan-as-typescript.ts");
const REFERENCE = "\u0000reference";

/** `aws:appmesh/route:Route` is RouteArgs of @pulumi/aws/appmesh/route. */
function argsOf(type: string): { readonly name: string; readonly module: string } {
  const [provider = "", path = "", kind = ""] = type.split(":");
  const [area = "", file = ""] = path.split("/");
  return {
    name: `${kind}Args`,
    module: area === "index" ? `@pulumi/${provider}/${file}` : `@pulumi/${provider}/${area}/${file}`,
  };
}

/** What the provider's own types refuse of these resources: unknown and missing properties, and wrong types. */
export function typeMistakes(resources: readonly PlanResource[]): string[] {
  const types = [...new Set(resources.map(({ type }) => type))];
  const imports = types.map(
    (type, i) => `import type { ${argsOf(type).name} as T${i} } from "${argsOf(type).module}";`,
  );
  const lines = [...imports, "declare const reference: string;"];
  const first = lines.length;
  for (const { type, properties } of resources) {
    const literal = JSON.stringify(
      mapValues(properties, (leaf) => (isReference(leaf) ? { value: REFERENCE } : undefined)),
    ).replaceAll(JSON.stringify(REFERENCE), "reference");
    lines.push(`export const _${lines.length}: T${types.indexOf(type)} = ${literal};`);
  }
  const text = lines.join("\n");
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ["node"],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, version) =>
    name === FILE ? ts.createSourceFile(name, text, version) : getSourceFile.call(host, name, version);
  host.fileExists = (name) => name === FILE || fileExists.call(host, name);
  host.readFile = (name) => (name === FILE ? text : readFile.call(host, name));
  const program = ts.createProgram([FILE], options, host);
  const source = program.getSourceFile(FILE);
  return program.getSemanticDiagnostics(source).map(({ start = 0, messageText }) => {
    const line = source?.getLineAndCharacterOfPosition(start).line ?? 0;
    const where = line < first ? "imports" : resources[line - first]?.id;
    return `${where}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
}
