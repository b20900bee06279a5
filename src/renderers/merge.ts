/** Plain data: objects, arrays and leaves. */
export type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype && !isOpaque(value);
const isOpaque = (value: object): boolean => "apply" in value || "then" in value;

const nameOf = (value: unknown): unknown => (isTree(value) ? value.name : undefined);
const named = (list: readonly unknown[]): boolean => list.every((item) => typeof nameOf(item) === "string");

/**
 * `over` merged over `base`, as Kubernetes merges: objects by key, lists of things with names by name, other lists
 * and values replaced whole. What is known only at deployment is a value.
 */
export function merge(base: Tree, over: Tree): Tree {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over))
    if (value !== undefined) result[key] = mergeValue(result[key], value);
  return result;
}

function mergeValue(base: unknown, over: unknown): unknown {
  if (isTree(base) && isTree(over)) return merge(base, over);
  if (Array.isArray(base) && Array.isArray(over) && over.length > 0 && named(base) && named(over))
    return byName(base, over);
  return over;
}

function byName(base: readonly unknown[], over: readonly unknown[]): unknown[] {
  const overByName = new Map(over.map((item) => [nameOf(item), item]));
  const kept = base.map((item) => {
    const other = overByName.get(nameOf(item));
    overByName.delete(nameOf(item));
    return other === undefined ? item : mergeValue(item, other);
  });
  return [...kept, ...overByName.values()];
}
