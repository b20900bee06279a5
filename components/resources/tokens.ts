import { createRequire } from "node:module";
import type * as pulumi from "@pulumi/pulumi";
import { codes, userError } from "../errors";

/** What every provider's resource class looks like from here; the full types would cost the compiler 200 MB a provider. */
export type ResourceClass = new (
  name: string,
  args: object,
  opts: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

const load = createRequire(__filename);

/**
 * The class that a type token of aws, gcp or random means: `aws:appmesh/virtualNode:VirtualNode` is `VirtualNode` in
 * `@pulumi/aws/appmesh`. Deep and on first use, so that a program loads only the providers its backend needs.
 */
export function classOf(token: string): ResourceClass {
  const [pkg = "", path = "", name = ""] = token.split(":");
  const folder = path.split("/")[0] ?? "";
  return loadClass(folder === "" || folder === "index" ? `@pulumi/${pkg}` : `@pulumi/${pkg}/${folder}`, name);
}

export function loadClass(module: string, name: string): ResourceClass {
  const pkg = module.split("/").slice(0, 2).join("/");
  let exported: Record<string, unknown>;
  try {
    exported = load(module) as Record<string, unknown>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    throw userError(codes.missingPackage, `This backend needs ${module}.`, `Run: npm install ${pkg}`);
  }
  const found = exported[name];
  if (typeof found !== "function")
    throw userError(codes.missingPackage, `${module} has no ${name}.`, `Update it: npm install ${pkg}@latest`);
  return found as ResourceClass;
}
