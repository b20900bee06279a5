import type { Labels } from "../model/model";
import { isLater, LATER, type RawResource } from "./resource";
import { selects } from "../model/lookup";
import { push } from "./targets";

/** Everything there is of a stack or a directory, by type. */
export class Resources {
  readonly #byType = new Map<string, RawResource[]>();
  readonly #byName = new Map<string, RawResource>();
  readonly #later = new Set<string>();
  readonly #namespaces = new Set<string>();

  constructor(readonly all: readonly RawResource[]) {
    for (const resource of all) {
      push(this.#byType, resource.type, resource);
      if (isLater(resource.name) || isLater(resource.namespace)) this.#later.add(resource.type);
      else this.#byName.set(`${resource.type} ${resource.namespace}/${resource.name}`, resource);
      if (resource.type === "core/Namespace") this.#namespaces.add(resource.name);
      else if (resource.type === "core/Service") this.#namespaces.add(resource.namespace);
    }
  }

  of(...types: readonly string[]): readonly RawResource[] {
    return types.flatMap((type) => this.#byType.get(type) ?? []);
  }
  get(type: string, namespace: string, name: string): RawResource | undefined {
    return this.#byName.get(`${type} ${namespace}/${name}`);
  }
  /** It is there, or one of its kind has a name that nobody knows yet, which may be this one. */
  mayHave(type: string, namespace: string, name: string): boolean {
    return (
      isLater(name) || isLater(namespace) || this.#later.has(type) || this.get(type, namespace, name) !== undefined
    );
  }
  /** The namespace, or a service in it, is here: what is said to be in it should be here as well. */
  ownsNamespace(name: string): boolean {
    return this.#namespaces.has(name);
  }
  /** Some of a kind cannot be named yet, so that absence proves nothing. */
  laterOf(type: string): boolean {
    return this.#later.has(type);
  }
  /** Whether any resource is of an API group, or begins as Pulumi's token does. */
  uses(prefix: string): boolean {
    return [...this.#byType.keys()].some((type) => type.startsWith(prefix));
  }
}

/** Whether labels, as far as they are known, may be what the selector asks for. */
export const maySelect = (selector: Labels, labels: Labels): boolean =>
  selects(selector, labels) ||
  labels[LATER] !== undefined ||
  Object.entries(selector).every(([key, value]) => {
    const own = labels[key];
    return own === value || isLater(value) || (own !== undefined && isLater(own));
  });

const suffix = ".svc.cluster.local";
/** A host as the mesh knows it: short names get the namespace of who wrote them, as Istio does it. */
export function hostName(host: string, namespace: string, resources: Resources): string {
  if (host.includes("*") || host.endsWith(suffix)) return host;
  const parts = host.split(".");
  if (parts.length === 1) return `${host}.${namespace}${suffix}`;
  const [name = "", second = "", third] = parts;
  if (parts.length === 3 && third === "svc") return `${host}.cluster.local`;
  return parts.length === 2 && resources.ownsNamespace(second) ? `${name}.${second}${suffix}` : host;
}
/** Name and namespace of a service's full name. */
export function serviceOf(host: string): { readonly name: string; readonly namespace: string } | undefined {
  if (!host.endsWith(suffix)) return undefined;
  const [name = "", namespace = "", ...rest] = host.slice(0, -suffix.length).split(".");
  return rest.length === 0 && namespace !== "" ? { name, namespace } : undefined;
}
