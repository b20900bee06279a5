import type { Plan } from "../../../src/plan";
import { writtenBy } from "./shown";

/** Every value at a path like `spec.listeners[].tls`. */
function valuesAt(value: unknown, path: string): unknown[] {
  if (path === "") return value === undefined ? [] : [value];
  const [, key = "", list, rest = ""] = /^([^.[]+)(\[\])?\.?(.*)$/.exec(path) ?? [];
  const inner = (value as Readonly<Record<string, unknown>> | undefined)?.[key];
  if (list === undefined) return typeof inner === "object" || rest === "" ? valuesAt(inner, rest) : [];
  return Array.isArray(inner) ? inner.flatMap((item: unknown) => valuesAt(item, rest)) : [];
}

/** Fields that a case says it writes (`Route.spec.priority`) and that no resource of its Plan has. */
export const unwrittenFields = (plan: Plan, text: string): string[] =>
  writtenBy(text)
    .flatMap(({ fields }) => fields)
    .filter((field) => {
      const [kind = ""] = field.split(".", 1);
      const ofKind = plan.resources.filter(({ type }) => type.split(":").at(-1) === kind);
      return !ofKind.some(({ properties }) => valuesAt(properties, field.slice(kind.length + 1)).length > 0);
    });
