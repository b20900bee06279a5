import { inOrder, PlanError } from "./order";
import { isReference, type Plan, type PlanResource } from "./plan";
import { isOpaqueValue, mapValues } from "./references";
import { yaml } from "./yaml";

export type Manifest = Readonly<Record<string, unknown>>;
export type PlanFormat = "yaml" | "json";
/** A file of `meshup render --out`. */
export interface PlanFile {
  readonly name: string;
  readonly text: string;
}

/** Helm's own resource: a command rather than a manifest. */
const RELEASE = "kubernetes:helm.sh/v3:Release";
const FIRST = ["apiVersion", "kind", "metadata"];

/** Whether a cluster takes the whole Plan as manifests. */
export const isKubernetes = (plan: Plan): boolean => plan.resources.every(({ provider }) => provider === "kubernetes");

/** The manifests in the order that is safe to apply, Helm releases left out. */
export const manifestsOf = (plan: Plan): readonly Manifest[] =>
  inOrder(plan.resources)
    .filter((resource) => resource.provider === "kubernetes" && resource.type !== RELEASE)
    .map(manifestOf);

/** One `List` that `kubectl apply -f -` takes; it says itself that a Helm release in it is none of its kinds. */
export const manifestsJson = (plan: Plan): string => {
  const items = inOrder(plan.resources).map((each) => (each.type === RELEASE ? releaseItem(each) : manifestOf(each)));
  return `${JSON.stringify({ apiVersion: "v1", kind: "List", items }, null, 2)}\n`;
};

/** One document a resource; a Helm release is a comment that holds the command to run at that place. */
export const manifestsYaml = (plan: Plan): string =>
  inOrder(plan.resources)
    .filter(({ provider }) => provider === "kubernetes")
    .map((resource) => `---\n${resource.type === RELEASE ? releaseComment(resource) : yaml(manifestOf(resource))}`)
    .join("");

/** One file a resource, numbered so that the order of names is the order to apply them in. */
export function manifestFiles(plan: Plan, format: PlanFormat): PlanFile[] {
  const resources = inOrder(plan.resources).filter(({ provider }) => provider === "kubernetes");
  const digits = Math.max(2, String(resources.length).length);
  return resources.map((resource, index) => {
    const number = String(index + 1).padStart(digits, "0");
    const kind = resource.type.split(":").at(-1) ?? "";
    const stem = `${number}-${kind}-${resource.name}`.toLowerCase().replaceAll(/[^a-z0-9.-]+/g, "-");
    // kubectl reads .yaml and .json of a directory: Helm's values are neither.
    if (resource.type === RELEASE) return { name: `${stem}.values`, text: releaseFile(resource, `${stem}.values`) };
    return { name: `${stem}.${format}`, text: write(manifestOf(resource), format) };
  });
}

const write = (value: unknown, format: PlanFormat): string =>
  format === "json" ? `${JSON.stringify(value, null, 2)}\n` : yaml(value);

function manifestOf(resource: PlanResource): Manifest {
  const plain = known(resource, resource.properties) as Manifest;
  const metadata = plain.metadata as { readonly annotations?: object } | undefined;
  const waiting =
    resource.waitFor === undefined
      ? {}
      : {
          metadata: { ...metadata, annotations: { ...metadata?.annotations, "pulumi.com/waitFor": resource.waitFor } },
        };
  const rest = Object.keys(plain).filter((key) => !FIRST.includes(key));
  const all: Manifest = { ...plain, ...waiting };
  return Object.fromEntries([...FIRST, ...rest].filter((key) => key in all).map((key) => [key, all[key]]));
}

/** A manifest stands alone: what an engine would fill in cannot be in it. */
const known = (resource: PlanResource, value: unknown): unknown =>
  mapValues(value, (leaf) => {
    if (isReference(leaf)) {
      throw new PlanError(`${resource.id} reads ${leaf.output} of ${leaf.$ref}, which only an engine can know`);
    }
    if (isOpaqueValue(leaf)) throw new PlanError(`${resource.id} holds a value known only at deployment`);
    return undefined;
  });

interface Release {
  readonly name: string;
  readonly chart: string;
  readonly version?: string;
  readonly namespace: string;
  readonly repositoryOpts?: { readonly repo?: string };
  readonly values?: unknown;
}

const releaseOf = (resource: PlanResource): Release => known(resource, resource.properties) as Release;

function releaseItem(resource: PlanResource): Manifest {
  const { name, namespace, ...spec } = releaseOf(resource);
  return { apiVersion: "helm.sh/v3", kind: "Release", metadata: { name, namespace }, spec };
}

const command = (release: Release, values: string): string =>
  [
    `helm upgrade --install ${release.name} ${release.chart}`,
    ...(release.repositoryOpts?.repo === undefined ? [] : [`--repo ${release.repositoryOpts.repo}`]),
    ...(release.version === undefined ? [] : [`--version ${release.version}`]),
    `--namespace ${release.namespace} --create-namespace --wait --values ${values}`,
  ].join(" ");

function releaseComment(resource: PlanResource): string {
  const release = releaseOf(resource);
  const lines = [
    `${command(release, "-")} <<'VALUES'`,
    ...yaml(release.values ?? {})
      .trimEnd()
      .split("\n"),
    "VALUES",
  ];
  return lines.map((line) => `# ${line}\n`).join("");
}

function releaseFile(resource: PlanResource, name: string): string {
  const release = releaseOf(resource);
  return `# ${command(release, name)}\n${yaml(release.values ?? {})}`;
}
