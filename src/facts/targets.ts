import type { Labels, Ref, Target } from "../model/model";
import { LabelIndex } from "../model/label-index";
import { selects } from "../model/lookup";
import { RefMap } from "../model/ref-map";

/** How narrowly a policy is aimed: the narrower one wins where policies exclude each other. */
export const narrowness = (target: Target): 0 | 1 => (target.service || target.selector ? 1 : 0);

/** Finds the policies that apply to a workload without looking at the others: one entry a policy, one look a label. */
export class TargetIndex<T extends { readonly target: Target }> {
  readonly #byService = new RefMap<T[]>();
  readonly #byLabel = new LabelIndex<T>();
  readonly #byNamespace = new Map<string, T[]>();

  constructor(policies: readonly T[]) {
    for (const policy of policies) {
      const { namespace, service, selector } = policy.target;
      const pair = selector && Object.entries(selector).sort()[0];
      if (service) {
        const same = this.#byService.get(service);
        if (same) same.push(policy);
        else this.#byService.set(service, [policy]);
      } else if (pair) this.#byLabel.add(namespace, ...pair, policy);
      else push(this.#byNamespace, namespace, policy);
    }
  }

  /** Policies for the whole namespace. */
  ofNamespace(namespace: string): readonly T[] {
    return this.#byNamespace.get(namespace) ?? [];
  }

  /** Policies aimed at the service or at labels that it carries. */
  ofWorkload(service: Ref, labels: Labels): readonly T[] {
    const found = [...(this.#byService.get(service) ?? [])];
    if (this.#byLabel.filled)
      for (const pair of Object.entries(labels))
        for (const policy of this.#byLabel.with(service.namespace, ...pair))
          if (selects(policy.target.selector ?? {}, labels)) found.push(policy);
    return found;
  }

  /** All that apply, the narrow ones first. */
  all(service: Ref, labels: Labels): readonly T[] {
    return [...this.ofWorkload(service, labels), ...this.ofNamespace(service.namespace)];
  }
}

export function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
