/** Words that every part of the model uses. */

/** A value known only at deployment (a Pulumi Output or a promise), passed through untouched, or a plain one. */
export type Leaf<T> = T | Opaque;
/** Something with a `then` or an `apply`: renderers copy it and never look inside. */
export type Opaque = { readonly apply: unknown } | PromiseLike<unknown>;

export type Labels = Readonly<Record<string, string>>;
export type MtlsMode = "STRICT" | "PERMISSIVE" | "DISABLE";
export type Protocol = "http" | "http2" | "grpc" | "tcp" | "tls";
export type TlsVersion = "1.2" | "1.3";
export type BackendName = "istio" | "istio-managed-csm" | "linkerd" | "appmesh" | "gcsm" | "vpc-lattice" | "proxy";
/** Names what has a namespace. Two refs mean the same thing when `keyOf` gives the same text. */
export interface Ref {
  readonly name: string;
  readonly namespace: string;
}
/** Whether both name the same thing. */
export const sameRef = (a: Ref, b: Ref): boolean => a.name === b.name && a.namespace === b.namespace;
/** `namespace/name`, the key of every map over services, routes and the like. */
export const keyOf = (ref: Ref): string => `${ref.namespace}/${ref.name}`;
