import { assemble, type Origin } from "./documents";
import { type Finding, hasErrors } from "./finding";
import { fits } from "./fits";
import type { Model } from "./model";
import { parsePath, valueAt } from "./path";
import { resolve } from "./resolve";
import { mesh, type MeshDocument } from "./schema/mesh";
import { checkShape, type Shape } from "./shape";
import { readYaml } from "./yaml";

export interface Loaded {
  /** Absent if any finding is an error. */
  readonly model?: Model;
  readonly findings: readonly Finding[];
}
export interface LoadedText extends Loaded {
  /** The one document of the text, as written, where there is one: also where something in it is wrong. */
  readonly document?: unknown;
  /** Those findings that are about the text itself: `fromObject(document)` cannot see them. */
  readonly ofText: readonly Finding[];
  /** Adds file, line and column to findings that were made later, from the model. */
  readonly locate: (finding: Finding) => Finding;
}

/** Findings that are shown at the key, not at its value. */
const ABOUT_KEYS = new Set(["MESH0004", "MESH0010", "MESH0016", "MESH0017"]);
const START = { line: 1, column: 1 };

/**
 * Reads a mesh from YAML (or JSON) text: one Mesh document, or a Mesh with separate MeshService, MeshRoute, …
 * documents. Everything that is wrong is reported at once, with its place. Never throws.
 */
export function loadMesh(text: string, options: { readonly file?: string } = {}): LoadedText {
  const file = options.file === undefined ? {} : { file: options.file };
  const yaml = readYaml(text);
  const assembled = assemble(yaml.documents);
  const place = (found: Finding, { document, path }: Origin): Finding => {
    const position = yaml.locate(document, path, ABOUT_KEYS.has(found.code) ? "key" : "value");
    return { ...found, ...file, ...(position ?? START) };
  };
  const locate = (found: Finding): Finding => {
    if (found.line !== undefined) return { ...file, ...found };
    return place(found, assembled.origin(parsePath(found.path)));
  };
  if (yaml.documents.length === 0 && yaml.findings.length > 0) {
    const findings = yaml.findings.map((found) => ({ ...START, ...found, ...file }));
    return { findings, ofText: findings, locate };
  }
  const ofDocuments = assembled.findings.map(({ origin, ...found }) =>
    origin === undefined ? locate(found) : place(found, origin),
  );
  const ofText = [...yaml.findings.map((found) => ({ ...found, ...file })), ...ofDocuments];
  if (assembled.document === undefined) return { findings: ofText, ofText, locate };
  const { document } = assembled;
  // What was read from text is nobody else's, so it need not be copied as the schema does.
  const shape = fits(mesh, document) ? { document: document as MeshDocument, findings: [] } : checkShape(document);
  const loaded = fromShape(document, shape);
  const findings = inOrder([...ofText, ...loaded.findings.map(locate)]);
  return hasErrors(findings) || loaded.model === undefined
    ? { document, findings, ofText, locate }
    : { document, model: loaded.model, findings, ofText, locate };
}

/** The same for a document as an object, from TypeScript. Never throws, and never changes what it was given. */
export const fromObject = (document: unknown): Loaded => fromShape(document, checkShape(document));

function fromShape(document: unknown, shape: Shape): Loaded {
  if (shape.document !== undefined) return resolve(shape.document);
  const mended = withoutMistakes(document, shape.findings);
  if (mended === undefined) return { findings: shape.findings };
  const further = resolve(mended).findings.filter((found) => !followsFrom(shape.findings, found));
  return { findings: [...shape.findings, ...further] };
}

/** What is wrong beyond the shape is worth saying too, unless it only follows from what was taken out. */
function followsFrom(mistakes: readonly Finding[], found: Finding): boolean {
  const within = (inner: string, outer: string) =>
    inner === outer || outer === "" || (inner.startsWith(outer) && ".[".includes(inner[outer.length] as string));
  const declares = ({ path }: Finding) =>
    /^\w+$|^(services|externalServices|gateways|namespaces)\b/.test(path) && !ASIDE.test(path);
  if (ABOUT_REFERENCES.test(found.code) && mistakes.some(declares)) return true;
  return mistakes.some(({ path }) => within(path, found.path) || within(found.path, path));
}
/** Parts of a declaration that nothing refers to. */
const ASIDE = /\.(traffic|workload|calls|tls)\b/;
const ABOUT_REFERENCES = /^MESH00(2[1-9]|31|33|38|5\d)$/;

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
