type Manifest = Readonly<Record<string, unknown>>;

/** Classes of @pulumi/kubernetes for what the examples use; everything else is a custom resource. */
const classes: Readonly<Record<string, string>> = {
  "v1 Namespace": "k8s.core.v1.Namespace",
  "v1 Service": "k8s.core.v1.Service",
  "v1 Secret": "k8s.core.v1.Secret",
  "apps/v1 Deployment": "k8s.apps.v1.Deployment",
};

/** Manifests as the Pulumi program that makes them. */
export function typescriptOf(manifests: readonly Manifest[]): string {
  const resources = manifests.map(({ apiVersion, kind, ...rest }) => {
    const known = classes[`${String(apiVersion)} ${String(kind)}`];
    const { name } = rest.metadata as { readonly name: string };
    const args = known === undefined ? { apiVersion, kind, ...rest } : rest;
    return `new ${known ?? "k8s.apiextensions.CustomResource"}("${name}", ${literal(args, 0)});`;
  });
  return ['import * as k8s from "@pulumi/kubernetes";', "", ...resources].join("\n");
}

const WIDTH = 100;
function literal(value: unknown, depth: number): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const parts = Array.isArray(value)
    ? value.map((item: unknown) => literal(item, depth + 1))
    : Object.entries(value).map(([key, item]) => `${keyOf(key)}: ${literal(item, depth + 1)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (parts.length === 0) return `${open}${close}`;
  const line = Array.isArray(value) ? `[${parts.join(", ")}]` : `{ ${parts.join(", ")} }`;
  if (depth > 0 && line.length + 2 * depth <= WIDTH && !line.includes("\n")) return line;
  const indent = "  ".repeat(depth + 1);
  return `${open}\n${parts.map((part) => `${indent}${part},`).join("\n")}\n${"  ".repeat(depth)}${close}`;
}
const keyOf = (key: string): string => (/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key));
