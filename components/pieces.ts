import type { Model, Ref } from "../src/model/model";

/** The kinds of pieces, and where each stands: in the document (relative to `spec`), and in the resolved model. */
export const kinds = {
  service: { list: ["services"], items: (model: Model) => model.services },
  external: { list: ["externalServices"], items: (model: Model) => model.externalServices },
  gateway: { list: ["gateways"], items: (model: Model) => model.gateways },
  route: { list: ["routes"], items: (model: Model) => model.routes },
  mtls: { list: ["policies", "mtls"], items: (model: Model) => model.policies.mtls },
  authorization: { list: ["policies", "authorization"], items: (model: Model) => model.policies.authorization },
} as const satisfies Record<
  string,
  { readonly list: readonly string[]; readonly items: (model: Model) => readonly (Ref & { readonly path: string })[] }
>;
export type Kind = keyof typeof kinds;

/** The resolved form of a kind of piece. */
export type Item<K extends Kind> = ReturnType<(typeof kinds)[K]["items"]>[number];

export const kindNames = Object.keys(kinds) as readonly Kind[];

/** `policies.mtls[2]`: where the piece stands in the document, and what the model and findings call it. */
export const pathOf = (kind: Kind, index: number): string => `${kinds[kind].list.join(".")}[${index}]`;

/** `shop/cart` names `cart` in the namespace `shop`; a name without a slash is in the mesh's own. */
export function parseName(name: string): { readonly name: string; readonly namespace?: string } {
  const slash = name.indexOf("/");
  return slash < 0 ? { name } : { name: name.slice(slash + 1), namespace: name.slice(0, slash) };
}

/** The component's name for an entry of the document: the inverse of `parseName`, so both forms give one URN. */
export const componentName = (entry: Readonly<Record<string, unknown>>, meshNamespace: unknown): string =>
  typeof entry.namespace === "string" && entry.namespace !== meshNamespace
    ? `${entry.namespace}/${String(entry.name)}`
    : String(entry.name);
