import type { Leaf } from "../model/model";

/** Absolute URLs in a value from the environment; an Output is opaque and holds none that can be known. */
export function urlsIn(value: Leaf<string>): readonly { readonly hostname: string; readonly protocol: string }[] {
  if (typeof value !== "string") return [];
  return [...value.matchAll(/\b([a-z][a-z0-9+.-]{0,15}):\/\/(?:[^\s/@]*@)?([A-Za-z0-9][A-Za-z0-9.-]*)/g)].map((m) => ({
    protocol: m[1] as string,
    hostname: (m[2] as string).toLowerCase(),
  }));
}

/** Every spelling under which a service is called; the short ones hold inside the namespace. */
export const hostsOf = (name: string, namespace: string): readonly string[] => [
  `${name}.${namespace}`,
  `${name}.${namespace}.svc`,
  `${name}.${namespace}.svc.cluster.local`,
];

/** Whether `*.example.com` takes the name: any number of labels, as listeners of Gateway API do. */
export const underWildcard = (pattern: string, name: string): boolean =>
  pattern === "*" || (pattern.startsWith("*.") && name.endsWith(pattern.slice(1)) && name.length > pattern.length - 1);

/** Whether some host is taken by both. `exact`: only where they say the same, for the narrower of two is chosen. */
export const overlaps = (a: string, b: string, exact = false): boolean =>
  a === b || (!exact && (underWildcard(a, b) || underWildcard(b, a)));
