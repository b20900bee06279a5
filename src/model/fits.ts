import type { z } from "zod";

type Schema = z.core.$ZodType;
type Test = (value: unknown) => boolean;

/** What the schemas here are made of, as zod keeps it. */
interface Def {
  readonly type: string;
  readonly checks?: readonly { readonly _zod: { readonly def: unknown } }[];
  readonly check?: string;
  readonly format?: string;
  readonly innerType?: Schema;
  readonly element?: Schema;
  readonly keyType?: Schema;
  readonly valueType?: Schema;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly catchall?: Schema;
  readonly options?: readonly Schema[];
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly fn?: Test;
}
interface Check {
  readonly check: string;
  readonly pattern?: RegExp;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly value?: number;
  readonly inclusive?: boolean;
}
const defOf = (schema: Schema): Def => schema._zod.def as unknown as Def;

const tests = new WeakMap<Schema, Test>();

/**
 * Whether plain data has the schema's shape: zod's own answer, several times faster, for it explains and copies
 * nothing. Throws an Error for a schema of a kind that it does not know.
 */
export const fits = (schema: Schema, value: unknown): boolean => testOf(schema)(value);

function testOf(schema: Schema): Test {
  const known = tests.get(schema);
  if (known !== undefined) return known;
  const made = make(defOf(schema));
  tests.set(schema, made);
  return made;
}

function make(def: Def): Test {
  switch (def.type) {
    case "string":
      return textTest(checksOf(def));
    case "number":
      return numberTest(def.format, checksOf(def));
    case "boolean":
      return (value) => typeof value === "boolean";
    case "enum":
    case "literal": {
      const values = new Set<unknown>(def.values ?? Object.values(def.entries ?? {}));
      return (value) => values.has(value);
    }
    case "optional": {
      const inner = testOf(needed(def.innerType));
      return (value) => value === undefined || inner(value);
    }
    case "array":
      return listTest(testOf(needed(def.element)), checksOf(def));
    case "record":
      return recordTest(testOf(needed(def.keyType)), testOf(needed(def.valueType)));
    case "object":
      return objectTest(needed(def.shape), def.catchall);
    case "union": {
      const options = needed(def.options).map(testOf);
      return (value) => options.some((option) => option(value));
    }
    case "custom":
      return needed(def.fn);
    case "unknown":
      return () => true;
    case "never":
      return () => false;
    default:
      throw new Error(`no test for a schema of type ${def.type}`);
  }
}

function needed<T>(part: T | undefined): T {
  if (part === undefined) throw new Error("no test for a schema that lacks a part");
  return part;
}
const checksOf = (def: Def): readonly Check[] => (def.checks ?? []).map((check) => check._zod.def as Check);

function textTest(checks: readonly Check[]): Test {
  const [shortest, longest] = lengthOf(checks, ["string_format"]);
  const patterns = checks.flatMap(({ check, pattern }) => (check === "string_format" ? [needed(pattern)] : []));
  const [first, ...others] = patterns;
  return (value) =>
    typeof value === "string" &&
    value.length >= shortest &&
    value.length <= longest &&
    (first === undefined || first.test(value)) &&
    (others.length === 0 || others.every((pattern) => pattern.test(value)));
}

function numberTest(format: string | undefined, checks: readonly Check[]): Test {
  if (format !== undefined && format !== "safeint") throw new Error(`no test for a number of format ${format}`);
  let [least, most] = format === undefined ? [-Infinity, Infinity] : [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  for (const { check, value, inclusive } of checks) {
    if (inclusive !== true) throw new Error(`no test for the check ${check} that leaves out its bound`);
    if (check === "greater_than") least = Math.max(least, needed(value));
    else if (check === "less_than") most = Math.min(most, needed(value));
    else throw new Error(`no test for the check ${check}`);
  }
  const isNumber = format === undefined ? Number.isFinite : Number.isSafeInteger;
  return (value) => isNumber(value) && (value as number) >= least && (value as number) <= most;
}

function listTest(item: Test, checks: readonly Check[]): Test {
  const [shortest, longest] = lengthOf(checks, []);
  return (value) => {
    if (!Array.isArray(value) || value.length < shortest || value.length > longest) return false;
    for (const each of value as readonly unknown[]) if (!item(each)) return false;
    return true;
  };
}

function lengthOf(checks: readonly Check[], besides: readonly string[]): readonly [shortest: number, longest: number] {
  let [shortest, longest] = [0, Infinity];
  for (const { check, minimum, maximum } of checks) {
    if (check === "min_length") shortest = Math.max(shortest, needed(minimum));
    else if (check === "max_length") longest = Math.min(longest, needed(maximum));
    else if (!besides.includes(check)) throw new Error(`no test for the check ${check}`);
  }
  return [shortest, longest];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function recordTest(key: Test, value: Test): Test {
  return (record) => {
    if (!isRecord(record)) return false;
    for (const name in record) if (!key(name) || !value(record[name])) return false;
    return true;
  };
}

function objectTest(shape: Readonly<Record<string, Schema>>, catchall: Schema | undefined): Test {
  const rest = catchall === undefined ? undefined : defOf(catchall).type;
  if (rest !== "never" && rest !== "unknown") throw new Error(`no test for an object with ${rest} besides its fields`);
  const fields = new Map(Object.entries(shape).map(([name, field]) => [name, testOf(field)]));
  const required = [...fields].flatMap(([name, test]) => (test(undefined) ? [] : [name]));
  const open = rest === "unknown";
  return (object) => {
    if (!isRecord(object)) return false;
    for (const name in object) {
      const test = fields.get(name);
      if (test === undefined ? !open : !test(object[name])) return false;
    }
    for (const name of required) if (object[name] === undefined) return false;
    return true;
  };
}
