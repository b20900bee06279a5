import { stringify } from "yaml";
import { type Manifest, type Plan, type PlanFile, toFiles, toJson, toYaml } from "../plan";
import { BOOTSTRAP, type BootstrapProperties } from "../renderers/proxy";

export type OutputFormat = "yaml" | "json";

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
const yaml = (value: unknown): string => stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 });

/** The configurations of a Plan of proxies, named for their files. */
const bootstraps = (plan: Plan): { readonly name: string; readonly bootstrap: Manifest }[] =>
  plan.resources
    .filter((resource) => resource.type === BOOTSTRAP)
    .map((resource) => {
      const { namespace, workload, replica, bootstrap } = resource.properties as unknown as BootstrapProperties;
      return { name: `${namespace}-${workload}-${replica}`, bootstrap };
    });

const ofProxies = (plan: Plan): boolean => plan.resources.some((resource) => resource.type === BOOTSTRAP);

/** A Plan on standard output: documents in YAML; in JSON a List of manifests, or an array of bootstraps. */
export function planText(plan: Plan, format: OutputFormat): string {
  if (!ofProxies(plan)) return format === "json" ? toJson(plan) : toYaml(plan);
  const all = bootstraps(plan).map((each) => each.bootstrap);
  return format === "json" ? json(all) : all.map((each) => `---\n${yaml(each)}`).join("");
}

/** A Plan as files: one a resource. A proxy's is what `envoy -c` and `meshup proxy -c` take. */
export function planFiles(plan: Plan, format: OutputFormat): PlanFile[] {
  const write = format === "json" ? json : yaml;
  if (ofProxies(plan))
    return bootstraps(plan).map(({ name, bootstrap }) => ({ name: `${name}.${format}`, text: write(bootstrap) }));
  return toFiles(plan, format);
}
