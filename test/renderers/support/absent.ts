import { referencesIn } from "../../../src/plan";
import type { Standing } from "./engine";

type Tree = Readonly<Record<string, unknown>>;
const tree = (value: unknown): Tree => (typeof value === "object" && value !== null ? (value as Tree) : {});
const list = (value: unknown): readonly Tree[] => (Array.isArray(value) ? value.map(tree) : []);

/** Every object inside a value, itself among them. */
function* objects(value: unknown): Generator<Tree> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value as Tree;
  for (const each of Object.values(value)) yield* objects(each);
}

/** What a resource names that does not stand: by reference, by host and subset, by Service, or by cluster. */
export function absences(standing: Standing): string[] {
  const missing: string[] = [];
  const subsets = new Set<string>();
  const services = new Set<string>();
  for (const { properties } of standing.values()) {
    const { name = "", namespace = "" } = tree(properties.metadata);
    const spec = tree(properties.spec);
    if (properties.kind === "Service") services.add(`${String(namespace)}/${String(name)}`);
    if (properties.kind === "DestinationRule")
      for (const subset of list(spec.subsets)) subsets.add(`${String(spec.host)} ${String(subset.name)}`);
  }
  for (const [id, { properties }] of standing) {
    for (const { $ref } of referencesIn(properties)) if (!standing.has($ref)) missing.push(`${id} names ${$ref}`);
    if (properties.kind === "VirtualService")
      for (const { host, subset } of objects(properties.spec))
        if (subset !== undefined && !subsets.has(`${String(host)} ${String(subset)}`))
          missing.push(`${id} names subset ${String(subset)} of ${String(host)}`);
    if (/^(HTTP|GRPC|TCP|TLS)Route$/.test(String(properties.kind)))
      for (const { kind, name, namespace } of objects(properties.spec))
        if (kind === "Service" && !services.has(`${String(namespace)}/${String(name)}`))
          missing.push(`${id} names Service ${String(namespace)}/${String(name)}`);
    if (properties.bootstrap !== undefined) missing.push(...clusters(id, properties.bootstrap));
  }
  return missing;
}

/** A proxy's routes name clusters of the same configuration. */
function clusters(id: string, bootstrap: unknown): string[] {
  const known = new Set(list(tree(tree(bootstrap).static_resources).clusters).map(({ name }) => name));
  return [...objects(tree(tree(bootstrap).static_resources).listeners)].flatMap(({ cluster }) =>
    typeof cluster === "string" && !known.has(cluster) ? [`${id} names cluster ${cluster}`] : [],
  );
}
