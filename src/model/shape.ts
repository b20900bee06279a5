import { safeParse, type z } from "zod";
import { finding } from "./codes";
import type { Finding } from "./finding";
import { formatPath, type Segment, valueAt } from "./path";
import { isOpaque } from "./schema/fields";
import { mesh, type MeshDocument } from "./schema/mesh";
import { closest, didYouMean } from "./suggest";

type Issue = z.core.$ZodIssue;
type Schema = z.core.$ZodType;

/** The document if its shape is right, and everything that is wrong with it if not. */
export interface Shape {
  readonly document?: MeshDocument;
  readonly findings: readonly Finding[];
}

/** The document that it gives is a copy. */
export function checkShape(document: unknown): Shape {
  const result = mesh.safeParse(document, { reportInput: false });
  if (result.success) return { document: result.data, findings: [] };
  const explain = new Explanation(document);
  for (const issue of result.error.issues) explain.issue(issue, [], mesh);
  return { findings: explain.findings };
}

/** Turns the schema's issues into findings. */
class Explanation {
  readonly findings: Finding[] = [];
  constructor(private readonly document: unknown) {}

  issue(issue: Issue, base: readonly Segment[], root: Schema): void {
    const relative = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
    const path = [...base, ...relative];
    const value = valueAt(this.document, path);
    const schema = schemaAt(root, relative);
    if (issue.code === "invalid_union") this.union(issue, path, schema);
    else if (issue.code === "unrecognized_keys") this.unknownKeys(issue.keys, path, schema);
    else if (isOpaque(value)) this.opaque(path);
    else if (value === undefined && !this.has(path)) this.missing(path, schema);
    else if (issue.code === "invalid_type" && issue.expected === "never") {
      this.report("MESH0017", path, issue.message, `Take ${String(path.at(-1))} out.`);
    } else if (issue.code === "invalid_value") this.choice(issue.values, path, value);
    else if (issue.code === "invalid_type") this.wrongType(issue.expected, path, value, schema);
    else if (issue.code === "too_small" || issue.code === "too_big") this.range(issue, path, value, schema);
    else if (issue.code === "invalid_key") {
      for (const inner of issue.issues)
        this.report("MESH0013", path, `${show(path.at(-1))}: ${ours(inner.message)}`, "Change the key.");
    } else this.report("MESH0013", path, `${show(value)}: ${ours(issue.message)}`, meaningOf(schema));
  }

  /** The alternative that was meant is the one that fails inside, not at its very type; with several, the nearest. */
  private union(
    issue: Extract<Issue, { code: "invalid_union" }>,
    path: readonly Segment[],
    schema: Schema | undefined,
  ): void {
    const value = valueAt(this.document, path);
    const options = schema === undefined ? [] : optionsOf(schema);
    const meant = issue.errors
      .map((issues, index) => ({ issues, schema: options[index] }))
      .filter(({ issues }) => !issues.some((inner) => inner.path.length === 0 && aboutType(inner)))
      .sort((a, b) => a.issues.length - b.issues.length)[0];
    if (isOpaque(value)) this.opaque(path);
    else if (value === undefined && !this.has(path)) this.missing(path, schema);
    else if (meant?.schema !== undefined) for (const inner of meant.issues) this.issue(inner, path, meant.schema);
    else this.report("MESH0012", path, `${ours(issue.message)}, got ${describe(value)}`, meaningOf(schema));
  }

  private unknownKeys(keys: readonly string[], path: readonly Segment[], schema: Schema | undefined): void {
    const known = schema === undefined ? [] : Object.keys(shapeOf(schema));
    const written = valueAt(this.document, path);
    const free = known.filter((key) => typeof written !== "object" || written === null || !Object.hasOwn(written, key));
    for (const key of keys) {
      const backend = formatPath(path) === "spec.backends";
      const remedy =
        closest(key, known) === undefined ? didYouMean(key, backend ? known : free) : didYouMean(key, known);
      if (backend) this.report("MESH0016", [...path, key], `unknown backend ${key}`, remedy);
      else this.report("MESH0010", [...path, key], `unknown key ${key}`, remedy);
    }
  }

  private missing(path: readonly Segment[], schema: Schema | undefined): void {
    const key = String(path.at(-1));
    const meaning = schema === undefined ? undefined : describedBy(schema);
    this.report(
      "MESH0011",
      path,
      `${key} is missing`,
      meaning === undefined ? `Add ${key}.` : `Add ${key}: ${meaning}`,
    );
  }

  private opaque(path: readonly Segment[]): void {
    const remedy = "Give a plain value here; only leaves such as an image or an id may be Outputs.";
    this.report(
      "MESH0014",
      path,
      "the value is only known at deployment, but the mesh's structure depends on it",
      remedy,
    );
  }

  private choice(values: readonly unknown[], path: readonly Segment[], value: unknown): void {
    const names = values.map(String);
    this.report("MESH0013", path, `${show(value)} is not one of ${names.join(", ")}`, didYouMean(String(value), names));
  }

  private wrongType(expected: string, path: readonly Segment[], value: unknown, schema: Schema | undefined): void {
    const wanted = NOUNS[expected] ?? expected;
    const scalar = typeof value === "number" || typeof value === "boolean";
    const unquoted = expected === "string" && scalar && schema !== undefined;
    const asText = unquoted ? safeParse(schema, String(value)) : undefined;
    const number = (expected === "number" || expected === "int") && isNumeric(value);
    if (asText?.success === false) {
      const message = ours(asText.error.issues[0]?.message ?? `expected ${wanted}`);
      this.report("MESH0012", path, `${show(value)}: ${message}`, meaningOf(schema));
    } else {
      const remedy = asText
        ? `Put it in quotes: "${value}".`
        : number
          ? `Take the quotes away: ${value}.`
          : meaningOf(schema);
      this.report("MESH0012", path, `expected ${wanted}, got ${describe(value)}`, remedy);
    }
  }

  private range(
    issue: Extract<Issue, { code: "too_small" | "too_big" }>,
    path: readonly Segment[],
    value: unknown,
    schema: Schema | undefined,
  ): void {
    const key = path.findLast((segment) => typeof segment === "string") ?? "";
    const isPort = typeof value === "number" && /port$/i.test(String(key));
    if (isPort || String(key) === "ports") return this.portOrCount(issue, path, value);
    const { minimum, maximum } = schema === undefined ? {} : boundsOf(schema);
    if (typeof value === "number") {
      const bounds = maximum === undefined ? `at least ${minimum}` : `from ${minimum ?? 0} to ${maximum}`;
      this.report("MESH0013", path, `${value} is out of range: ${bounds}`, meaningOf(schema));
    } else this.report("MESH0013", path, ours(issue.message), issue.code === "too_small" ? "Add one." : "Shorten it.");
  }

  private portOrCount(issue: Issue, path: readonly Segment[], value: unknown): void {
    if (typeof value !== "number") return this.report("MESH0013", path, ours(issue.message), "Add one.");
    this.report("MESH0015", path, `port ${value} is out of range`, "Choose a port from 1 to 65535.");
  }

  private has(path: readonly Segment[]): boolean {
    const parent = valueAt(this.document, path.slice(0, -1));
    return (
      path.length === 0 ||
      (typeof parent === "object" && parent !== null && Object.hasOwn(parent, path.at(-1) as Segment))
    );
  }

  private report(code: Parameters<typeof finding>[0], path: readonly Segment[], message: string, remedy: string): void {
    this.findings.push(finding(code, formatPath(path[0] === "spec" ? path.slice(1) : path), message, remedy));
  }
}

const NOUNS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "keys and values",
  record: "keys and values",
};

const isNumeric = (value: unknown): value is string =>
  typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value));

const aboutType = (issue: Issue): boolean =>
  issue.code === "invalid_type" || issue.code === "invalid_value" || issue.code === "custom";

function describe(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "keys and values";
  return show(value);
}
function show(value: unknown): string {
  if (typeof value === "string") return value.length > 60 ? `"${value.slice(0, 57)}…"` : `"${value}"`;
  if (typeof value === "object" && value !== null) return describe(value);
  return String(value);
}
/** The schemas' own messages start small; what zod says of itself is for programmers. */
const ours = (message: string): string => (/^[a-z]/.test(message) ? message : `not allowed (${message})`);

// ── reading a schema ────────────────────────────────────────────────────────────────────────────────────────

type Def = {
  readonly type: string;
  readonly innerType?: Schema;
  readonly element?: Schema;
  readonly valueType?: Schema;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly options?: readonly Schema[];
};
const defOf = (schema: Schema): Def => schema._zod.def as unknown as Def;
const unwrap = (schema: Schema): Schema => {
  const inner = defOf(schema).innerType;
  return inner === undefined ? schema : unwrap(inner);
};
const optionsOf = (schema: Schema): readonly Schema[] => defOf(unwrap(schema)).options ?? [];
const shapeOf = (schema: Schema): Readonly<Record<string, Schema>> => defOf(unwrap(schema)).shape ?? {};
const describedBy = (schema: Schema): string | undefined => (schema as { readonly description?: string }).description;
/** What a field means makes the best remedy for a wrong value. */
const meaningOf = (schema: Schema | undefined): string =>
  (schema === undefined ? undefined : describedBy(schema)) ?? "Change the value.";
const boundsOf = (schema: Schema): { minimum?: number; maximum?: number } =>
  (unwrap(schema) as unknown as { _zod: { bag: { minimum?: number; maximum?: number } } })._zod.bag;

function schemaAt(root: Schema, path: readonly Segment[]): Schema | undefined {
  let schema: Schema | undefined = root;
  for (const segment of path) {
    if (schema === undefined) return undefined;
    const def = defOf(unwrap(schema));
    schema =
      typeof segment === "number"
        ? def.element
        : def.shape !== undefined && Object.hasOwn(def.shape, segment)
          ? def.shape[segment]
          : def.valueType;
  }
  return schema;
}
