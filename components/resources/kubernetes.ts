import type { PlanResource } from "../../src/plan/plan";
import { loadClass, type ResourceClass } from "./tokens";

/** API groups with classes of their own in @pulumi/kubernetes, by the folder they live in. Other groups are CRDs. */
const builtIn: Readonly<Record<string, string>> = Object.freeze({
  core: "core",
  apps: "apps",
  batch: "batch",
  policy: "policy",
  autoscaling: "autoscaling",
  "admissionregistration.k8s.io": "admissionregistration",
  "apiextensions.k8s.io": "apiextensions",
  "coordination.k8s.io": "coordination",
  "discovery.k8s.io": "discovery",
  "networking.k8s.io": "networking",
  "rbac.authorization.k8s.io": "rbac",
  "scheduling.k8s.io": "scheduling",
  "storage.k8s.io": "storage",
  "helm.sh": "helm",
});

/** The class for a token such as `kubernetes:core/v1:Service` or `kubernetes:networking.istio.io/v1:VirtualService`. */
export function kubernetesClass(token: string): ResourceClass {
  const [, apiVersion = "", kind = ""] = token.split(":");
  const [group = "", version = ""] = apiVersion.split("/");
  const folder = builtIn[group];
  return folder === undefined
    ? loadClass("@pulumi/kubernetes/apiextensions", "CustomResource")
    : loadClass(`@pulumi/kubernetes/${folder}/${version}`, kind);
}

/** The manifest, with the wait that the Plan asks for as the annotation that Pulumi's provider reads. */
export function manifest(resource: PlanResource): Readonly<Record<string, unknown>> {
  if (resource.waitFor === undefined) return resource.properties;
  const metadata = (resource.properties.metadata ?? {}) as { readonly annotations?: object };
  return {
    ...resource.properties,
    metadata: { ...metadata, annotations: { ...metadata.annotations, "pulumi.com/waitFor": resource.waitFor } },
  };
}
