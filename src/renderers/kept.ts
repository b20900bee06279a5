/**
 * What is worked out once and shared by all that ask again. It is kept as long as its owners live, a model and perhaps a
 * placement, so two renderings of one model share it and nothing outlives them. What is kept must not be changed.
 */
export class Kept<Value> {
  private readonly byOwner = new WeakMap<object, Kept<Value> | Map<unknown, Value>>();

  of(owners: readonly [object, ...object[]], key: unknown, make: () => Value): Value {
    const values = this.valuesOf(owners);
    const known = values.get(key);
    if (known !== undefined) return known;
    const made = make();
    values.set(key, made);
    return made;
  }

  private valuesOf([owner, ...others]: readonly [object, ...object[]]): Map<unknown, Value> {
    const [next, ...rest] = others;
    const known = this.byOwner.get(owner);
    if (next === undefined) {
      if (known instanceof Map) return known;
      const values = new Map<unknown, Value>();
      this.byOwner.set(owner, values);
      return values;
    }
    const inner = known instanceof Kept ? known : new Kept<Value>();
    if (inner !== known) this.byOwner.set(owner, inner);
    return inner.valuesOf([next, ...rest]);
  }
}
