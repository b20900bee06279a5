import { assemble } from "./documents";
import { type Finding, hasErrors } from "./finding";
import type { Model } from "./model";
import { parsePath, valueAt } from "./path";
import { resolve } from "./resolve";
import type { MeshDocument } from "./schema/mesh";
import { checkShape } from "./shape";
import { readYaml } from "./yaml";

export interface Loaded {
  /** Absent if any finding is an error. */
  readonly model?: Model;
  readonly findings: readonly Finding[];
}
export interface LoadedText extends Loaded {
  /** Adds file, line and column to findings that were made later, from the model. */
  readonly locate: (finding: Finding) => Finding;
}

/**
 * Reads a mesh from YAML (or JSON) text: one Mesh document, or a Mesh with separate MeshService, MeshRoute, …
 * documents. Everything that is wrong is reported at once, with its place. Never throws.
 */
export function loadMesh(text: string, options: { readonly file?: string } = {}): LoadedText {
  const file = options.file === undefined ? {} : { file: options.file };
  const yaml = readYaml(text);
  const assembled = assemble(yaml.documents);
  const KEY_CODES = new Set(["MESH0004", "MESH0010", "MESH0016", "MESH0017"]);
  const locate = (found: Finding): Finding => {
    if (found.line !== undefined) return { ...file, ...found };
    const { document, path } = assembled.origin(parsePath(found.path));
    return { ...found, ...file, ...yaml.locate(document, path, KEY_CODES.has(found.code) ? "key" : "value") };
  };
  if (yaml.documents.length === 0 && yaml.findings.length > 0) {
    return { findings: yaml.findings.map((found) => ({ ...found, ...file })), locate };
  }
  const ofDocuments = assembled.findings.map(({ origin, ...found }) =>
    origin === undefined
      ? locate(found)
      : {
          ...found,
          ...file,
          ...yaml.locate(origin.document, origin.path, KEY_CODES.has(found.code) ? "key" : "value"),
        },
  );
  const before = [...yaml.findings.map((found) => ({ ...found, ...file })), ...ofDocuments];
  if (assembled.document === undefined) return { findings: before, locate };
  const loaded = fromObject(assembled.document);
  const findings = inOrder([...before, ...loaded.findings.map(locate)]);
  return hasErrors(findings) || loaded.model === undefined
    ? { findings, locate }
    : { model: loaded.model, findings, locate };
}

/** The same for a document as an object, from TypeScript. Never throws, and never changes what it was given. */
export function fromObject(document: unknown): Loaded {
  const shape = checkShape(document);
  if (shape.document !== undefined) return resolve(shape.document);
  const mended = withoutMistakes(document, shape.findings);
  if (mended === undefined) return { findings: shape.findings };
  // What is wrong beyond the shape is worth saying too, unless it only follows from what was taken out.
  const follows = (found: Finding) =>
    shape.findings.some(({ path }) => path.startsWith(found.path) || found.path.startsWith(path));
  return { findings: [...shape.findings, ...resolve(mended).findings.filter((found) => !follows(found))] };
}

/** The document without the keys that are wrong; undefined if what remains is still no mesh. */
function withoutMistakes(document: unknown, findings: readonly Finding[]): MeshDocument | undefined {
  let mended = document;
  for (const { path } of findings) {
    const segments = parsePath(path);
    const root = valueAt(mended, ["spec", ...segments]) !== undefined ? ["spec", ...segments] : segments;
    if (typeof root.at(-1) !== "string") return undefined;
    mended = without(mended, root);
  }
  return checkShape(mended).document;
}

function without(value: unknown, [first, ...rest]: readonly (string | number)[]): unknown {
  if (first === undefined || typeof value !== "object" || value === null || !Object.hasOwn(value, first)) return value;
  const inner = (value as Record<string | number, unknown>)[first];
  if (Array.isArray(value)) return value.map((item: unknown, index) => (index === first ? without(item, rest) : item));
  const copy = { ...(value as Record<string, unknown>) };
  if (rest.length === 0) delete copy[first];
  else copy[first] = without(inner, rest);
  return copy;
}

const inOrder = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
