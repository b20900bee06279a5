import type { Labels } from "../model/model";
import { fields, inside, isFields, labelsIn, list, text, type Fields } from "./read";

/** One resource as somebody wrote or deployed it, whatever made it. */
export interface RawResource {
  /** A URN, or `Kind/namespace/name`; findings point to `id#field`. */
  readonly id: string;
  /** `networking.istio.io/VirtualService`, `core/Service`, or Pulumi's token: `aws:appmesh/mesh:Mesh`. */
  readonly type: string;
  /** `v1beta1`; empty for what has none. */
  readonly version: string;
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  /** The whole object: a manifest, or a cloud resource's properties. */
  readonly body: Fields;
}
/** A resource that came in: Pulumi says the type apart from the properties, a manifest holds it. */
export interface Given {
  readonly id?: string;
  readonly type?: string;
  /** Pulumi's name of it, where the properties have none. */
  readonly name?: string;
  readonly properties: Fields;
}

/** The name that a manifest has before its cluster gave it one: no reference can be held against it. */
export const LATER = "(known after deployment)";

/** Manifests hold `apiVersion` and `kind`; a `List` holds others. Cloud resources keep Pulumi's token. */
export function resourcesOf(given: Given): readonly RawResource[] {
  const { properties } = given;
  const [provider = "", module = "", className = ""] = (given.type ?? "").split(":");
  if (given.type !== undefined && provider !== "kubernetes") return [cloudResource(given, given.type)];
  const apiVersion = text(properties.apiVersion) ?? (module === "" ? undefined : module.replace(/^core\//, ""));
  const kind = text(properties.kind) ?? (className === "" ? undefined : className);
  if (apiVersion === undefined || kind === undefined) return [];
  if (kind.endsWith("List") && Array.isArray(properties.items))
    return list(properties.items).flatMap((item) =>
      isFields(item) ? resourcesOf({ id: given.id, name: given.name, properties: item }) : [],
    );
  const [version = "", group = "core"] = apiVersion.split("/").reverse();
  const metadata = fields(properties.metadata);
  const name = text(metadata.name) ?? LATER;
  const namespace = clusterWide.has(kind) ? "" : (text(metadata.namespace) ?? "default");
  return [
    {
      id: given.id ?? [kind, namespace, name].filter((part) => part !== "").join("/"),
      type: `${group}/${kind}`,
      version,
      name,
      namespace,
      labels: labelsIn(metadata.labels),
      annotations: labelsIn(metadata.annotations),
      body: properties,
    },
  ];
}
const clusterWide = new Set(["Namespace", "GatewayClass", "CustomResourceDefinition", "ClusterIssuer", "ClusterRole"]);

function cloudResource({ id, name = "", properties }: Given, type: string): RawResource {
  const own = text(properties.name) ?? text(inside(properties, "tags", "Name")) ?? name;
  return {
    id: id ?? `${type}/${own}`,
    type,
    version: "",
    name: own,
    namespace: text(properties.meshName) ?? "",
    labels: {},
    annotations: {},
    body: properties,
  };
}

/** Whether the name is one that nobody knows yet. */
export const isLater = (name: string): boolean => name.startsWith(LATER);
