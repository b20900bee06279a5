export * from "./plan";
export { inOrder, PlanError } from "./order";
export { mapValues, needsOf, referencesIn } from "./references";
export { isKubernetes, type Manifest, manifestsOf, type PlanFile, type PlanFormat } from "./manifests";
export { pulumiProgram, toPulumiYaml } from "./pulumi-yaml";
export { toFiles, toJson, toYaml } from "./text";
