import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";

/**
 * The same resources without our components, by the least that any program does: their inputs are read from a file, and
 * each is made after those that it depends on.
 */
interface Resource {
  /** `@pulumi/kubernetes/core/v1`, and the class in it. */
  readonly module: string;
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly inputs: object;
  readonly dependsOn: readonly string[];
}
type Class = new (name: string, inputs: object, opts: pulumi.CustomResourceOptions) => pulumi.CustomResource;

const load = createRequire(join(process.cwd(), "package.json"));
const resources = JSON.parse(readFileSync("resources.json", "utf8")) as readonly Resource[];
const made = new Map<string, pulumi.CustomResource>();
for (const { module, kind, id, name, inputs, dependsOn } of resources) {
  const Kind = (load(module) as Readonly<Record<string, Class>>)[kind] as Class;
  const after = dependsOn.map((one) => made.get(one) as pulumi.CustomResource);
  made.set(id, new Kind(name, inputs, { dependsOn: after }));
}
