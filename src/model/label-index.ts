import type { Labels } from "./types/common";

/** Finds what carries a label, by namespace, without looking at the rest. */
export class LabelIndex<T> {
  private readonly spaces = new Map<string, Map<string, Map<string, T[]>>>();

  /** True once anything is in it. */
  get filled(): boolean {
    return this.spaces.size > 0;
  }

  /** Under every one of the labels. */
  addAll(namespace: string, labels: Labels, item: T): void {
    for (const key in labels) this.add(namespace, key, labels[key] as string, item);
  }

  /** Under one label; once, however often the same item is added in a row. */
  add(namespace: string, key: string, value: string, item: T): void {
    const keys = within(this.spaces, namespace);
    const values = within(keys, key);
    const items = values.get(value);
    if (items === undefined) values.set(value, [item]);
    else if (items.at(-1) !== item) items.push(item);
  }

  with(namespace: string, key: string, value: string): readonly T[] {
    return this.spaces.get(namespace)?.get(key)?.get(value) ?? [];
  }

  /** The shortest list that holds everything with all of these labels: what is in it need not have the others. */
  candidates(namespace: string, selector: Labels): readonly T[] {
    let shortest: readonly T[] | undefined;
    for (const key in selector) {
      const list = this.with(namespace, key, selector[key] as string);
      if (shortest === undefined || list.length < shortest.length) shortest = list;
    }
    return shortest ?? [];
  }
}

function within<K, V>(maps: Map<string, Map<K, V>>, key: string): Map<K, V> {
  const known = maps.get(key);
  if (known !== undefined) return known;
  const made = new Map<K, V>();
  maps.set(key, made);
  return made;
}
