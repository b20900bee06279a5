import { isKubernetes, manifestFiles, manifestsJson, manifestsYaml, type PlanFile, type PlanFormat } from "./manifests";
import type { Plan } from "./plan";
import { pulumiProgram, toPulumiYaml } from "./pulumi-yaml";

/** Kubernetes manifests where a cluster takes the whole Plan, otherwise one Pulumi YAML program: nothing is left out. */
export const toYaml = (plan: Plan): string => (isKubernetes(plan) ? manifestsYaml(plan) : toPulumiYaml(plan));

/** A `List` that `kubectl apply -f -` takes, or the program as JSON, which is YAML too. */
export const toJson = (plan: Plan): string =>
  isKubernetes(plan) ? manifestsJson(plan) : `${JSON.stringify(pulumiProgram(plan), null, 2)}\n`;

/** One file a manifest, numbered in the order to apply them; of a program the one file that Pulumi reads. */
export const toFiles = (plan: Plan, format: PlanFormat = "yaml"): PlanFile[] =>
  isKubernetes(plan)
    ? manifestFiles(plan, format)
    : [{ name: `Pulumi.${format}`, text: format === "json" ? toJson(plan) : toYaml(plan) }];
