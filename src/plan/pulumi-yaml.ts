import { inOrder, PlanError } from "./order";
import { isReference, type Plan, type PlanResource } from "./plan";
import { isOpaqueValue, mapValues } from "./references";
import { yaml } from "./yaml";

/** API groups that Pulumi's Kubernetes provider has types for; anything else is a custom resource. */
const BUILT_IN = new Set([
  ...["core", "apps", "batch", "policy", "autoscaling", "helm.sh"],
  ...["admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "certificates.k8s.io"],
  ...["coordination.k8s.io", "discovery.k8s.io", "events.k8s.io", "networking.k8s.io", "node.k8s.io"],
  ...["rbac.authorization.k8s.io", "resource.k8s.io", "scheduling.k8s.io", "storage.k8s.io"],
]);
const isBuiltIn = (token: string): boolean => BUILT_IN.has((token.split(":")[1] ?? "").split("/")[0] ?? "");
const CUSTOM = "kubernetes:apiextensions.k8s.io:CustomResource";

/** The program as YAML: Pulumi.yaml. `name` is the project's, default `meshup-BACKEND`. */
export const toPulumiYaml = (plan: Plan, options: { readonly name?: string } = {}): string =>
  yaml(pulumiProgram(plan, options));

/**
 * The Plan as a Pulumi YAML program that `pulumi up` runs. References become interpolations, the Plan's logical names
 * stay the names in URNs.
 */
export function pulumiProgram(plan: Plan, options: { readonly name?: string } = {}): Readonly<Record<string, unknown>> {
  const resources = inOrder(plan.resources);
  const keys = keysOf(resources);
  return {
    name: options.name ?? `meshup-${plan.backend}`,
    runtime: "yaml",
    description: `Rendered by MeshUp for ${plan.backend}`,
    resources: Object.fromEntries(resources.map((resource) => [keys.get(resource.id), entry(resource, keys)])),
  };
}

function entry(resource: PlanResource, keys: ReadonlyMap<string, string>): Readonly<Record<string, unknown>> {
  if (resource.provider === "host")
    throw new PlanError(`${resource.id} is for this host, which no Pulumi YAML program runs`);
  const options = {
    ...(resource.dependsOn.length > 0 ? { dependsOn: resource.dependsOn.map((id) => `\${${keys.get(id)}}`) } : {}),
    ...(resource.protect === undefined ? {} : { protect: resource.protect }),
  };
  return {
    type: resource.provider === "kubernetes" && !isBuiltIn(resource.type) ? CUSTOM : resource.type,
    name: resource.name,
    properties: mapValues(withWait(resource), (leaf) => written(leaf, resource, keys)),
    ...(Object.keys(options).length > 0 ? { options } : {}),
  };
}

function withWait({ properties, waitFor }: PlanResource): unknown {
  if (waitFor === undefined) return properties;
  const metadata = (properties.metadata ?? {}) as { readonly annotations?: object };
  const annotations = { ...metadata.annotations, "pulumi.com/waitFor": waitFor };
  return { ...properties, metadata: { ...metadata, annotations } };
}

function written(
  leaf: unknown,
  resource: PlanResource,
  keys: ReadonlyMap<string, string>,
): { readonly value: unknown } | undefined {
  if (isReference(leaf)) return { value: `\${${keys.get(leaf.$ref)}.${leaf.output}}` };
  if (isOpaqueValue(leaf)) throw new PlanError(`${resource.id} holds a value known only to another program`);
  // `${` begins an interpolation, `$${` is the text.
  return typeof leaf === "string" ? { value: leaf.replaceAll("${", () => "$${") } : undefined;
}

/** What the program calls each resource: interpolations take letters, digits, `_` and `-`. */
function keysOf(resources: readonly PlanResource[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const keys = new Map<string, string>();
  for (const { id } of resources) {
    const plain = id.replaceAll(/[^A-Za-z0-9_]+/g, "-").replace(/^(?![A-Za-z_])/, "r-");
    let key = plain;
    for (let n = 2; taken.has(key); n++) key = `${plain}-${n}`;
    taken.add(key);
    keys.set(id, key);
  }
  return keys;
}
