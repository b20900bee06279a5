export * from "./plan";
export { inOrder, PlanError } from "./order";
export { mapValues, needsOf, referencesIn } from "./references";
export { isKubernetes, type Manifest, manifestsOf, type PlanFile, toFiles, toJson, toYaml } from "./manifests";
export { toPulumiYaml } from "./pulumi-yaml";
