import { isReference, type PlanResource, type Reference } from "./plan";

/** Arrays and object literals are walked; Outputs, promises and other class instances are leaves. */
const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** Something known only at deployment: an Output or a promise. */
export const isOpaqueValue = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !isReference(value) && answersLater(value);

const answersLater = (value: { readonly apply?: unknown; readonly then?: unknown }): boolean =>
  typeof value.apply === "function" || typeof value.then === "function";

/** A copy with every leaf that `change` answers for replaced; the rest is kept as it is. */
export function mapValues(value: unknown, change: (leaf: unknown) => { readonly value: unknown } | undefined): unknown {
  const changed = change(value);
  if (changed !== undefined) return changed.value;
  if (Array.isArray(value)) return value.map((item) => mapValues(item, change));
  if (!isPlain(value) || isOpaqueValue(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapValues(item, change)]));
}

/** Every reference inside a value, in reading order. */
export function referencesIn(value: unknown): Reference[] {
  const found: Reference[] = [];
  collect(value, found);
  return found;
}

function collect(value: unknown, found: Reference[]): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) for (const item of value) collect(item, found);
  else if (isReference(value)) found.push(value);
  else if (isPlain(value) && !answersLater(value)) for (const key in value) collect(value[key], found);
}

/** The ids that must exist before this resource: those it names, then those whose outputs it reads. Each once. */
export function needsOf(resource: PlanResource): readonly string[] {
  const read = referencesIn(resource.properties);
  return read.length === 0
    ? resource.dependsOn
    : [...new Set([...resource.dependsOn, ...read.map((reference) => reference.$ref)])];
}
