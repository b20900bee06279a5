import { parseAllDocuments } from "yaml";
import { type Given, readings, UNKNOWN } from "../../src/facts";
import { configOf, type PackConfig } from "../../policy/config";
import { evaluate, type Violation } from "../../policy/evaluate";
import type { PolicyRule } from "../../policy/rule";

export const TODAY = "2026-11-24";
type Manifest = Record<string, unknown>;

export const manifests = (text: string): Manifest[] =>
  parseAllDocuments(text).map((document) => document.toJS() as Manifest);

/** Manifests as Pulumi would give them, with an id that no unknown value changes. */
export const given = (objects: readonly Manifest[]): Given[] =>
  objects.map((properties, i) => {
    const { name, namespace } = (properties.metadata ?? {}) as Record<string, unknown>;
    return {
      id: `${i}:${[properties.kind, namespace, name].filter((part) => typeof part === "string").join("/")}`,
      properties,
    };
  });

const copy = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]));
};
/** A copy with the value at a field unknown; in the path `~` stands for a dot of a key. */
export function withUnknown(objects: readonly Manifest[], at: number, field: string): Manifest[] {
  const copies = copy(objects) as Manifest[];
  const keys = field.split(".").map((key) => key.replace(/~/g, "."));
  const last = keys.pop() ?? "";
  let place: Record<string, unknown> = copies[at] ?? {};
  for (const key of keys) place = (place[key] ??= {}) as Record<string, unknown>;
  place[last] = UNKNOWN;
  return copies;
}

export const run = (rule: PolicyRule, objects: readonly Manifest[], pack: PackConfig = {}): readonly Violation[] =>
  evaluate(rule, readings(given(objects)), configOf(rule, pack, "strict"), TODAY);
