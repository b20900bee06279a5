import type { Ref } from "./types/common";

/** A map by name and namespace. Where much is looked up it is cheaper than `keyOf`, which makes a text each time. */
export class RefMap<T> {
  private readonly spaces = new Map<string, Map<string, T>>();

  /** Items by their own names; the last of several with one name. */
  static of<T extends Ref>(items: readonly T[]): RefMap<T> {
    const map = new RefMap<T>();
    for (const item of items) map.set(item, item);
    return map;
  }

  get(ref: Ref): T | undefined {
    return this.spaces.get(ref.namespace)?.get(ref.name);
  }

  at(namespace: string, name: string): T | undefined {
    return this.spaces.get(namespace)?.get(name);
  }

  has(ref: Ref): boolean {
    return this.spaces.get(ref.namespace)?.has(ref.name) === true;
  }

  set(ref: Ref, value: T): void {
    const space = this.spaces.get(ref.namespace);
    if (space === undefined) this.spaces.set(ref.namespace, new Map([[ref.name, value]]));
    else space.set(ref.name, value);
  }
}
