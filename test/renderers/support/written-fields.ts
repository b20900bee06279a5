import type { Plan } from "../../../src/plan";
import { writtenBy } from "./shown";

/** Something with fields, by what it is: a resource, or a message of a configuration. */
export interface Held {
  readonly kind: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Resources of a Plan, each by the last part of its type. */
export const heldIn = (plan: Plan): readonly Held[] =>
  plan.resources.map(({ type, properties }) => ({ kind: type.split(":").at(-1) ?? "", properties }));

/** `spec.listeners[].tls`: keys, lists (`[]`), any key (`*`), and keys with dots in them (`[linkerd.io/inject]`). */
const STEP = /^\.?(?:\[([^\]]*)\]|([^.[\]]+))/;

/** Every value at a path. */
function valuesAt(value: unknown, path: string): unknown[] {
  if (path === "") return value === undefined ? [] : [value];
  const step = STEP.exec(path);
  if (step === null || typeof value !== "object" || value === null) return [];
  const rest = path.slice(step[0].length);
  const [, quoted, key = quoted] = step;
  if (quoted === "") return Array.isArray(value) ? value.flatMap((item: unknown) => valuesAt(item, rest)) : [];
  const fields = value as Readonly<Record<string, unknown>>;
  const chosen = key === "*" ? Object.values(fields) : [fields[key ?? ""]];
  return chosen.flatMap((inner) => valuesAt(inner, rest));
}

/** Fields that a case says it writes (`Route.spec.priority`) and that nothing it makes has. */
export const unwrittenFields = (held: readonly Held[], text: string): string[] =>
  writtenBy(text)
    .flatMap(({ fields }) => fields)
    .filter((field) => {
      const [kind = ""] = field.split(".", 1);
      return !held.some((each) => each.kind === kind && valuesAt(each.properties, field.slice(kind.length)).length > 0);
    });
