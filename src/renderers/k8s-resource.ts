import type { Labels, Model } from "../model/model";
import type { PlanResource } from "../plan/plan";

export interface KubernetesSpec {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent for what belongs to no namespace. */
  readonly namespace?: string;
  readonly name: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  /** What stands beside apiVersion, kind and metadata: `spec`, `rules`, … */
  readonly body?: Readonly<Record<string, unknown>>;
  readonly owner: string;
  readonly dependsOn?: readonly string[];
  readonly waitFor?: string;
}

/** `Kind/namespace/name`, or `Kind/name` for what belongs to no namespace. */
export const idOf = (kind: string, name: string, namespace?: string): string =>
  namespace === undefined ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;

/** Labels that say where a resource came from. */
export const provenance = (model: Model): Labels => ({
  "app.kubernetes.io/managed-by": "meshup",
  "app.kubernetes.io/part-of": model.name,
});

/** A manifest as a resource of the Plan. Core kinds have the token `kubernetes:core/v1:Kind`. */
export function kubernetesResource(model: Model, spec: KubernetesSpec): PlanResource {
  const { apiVersion, kind, namespace, name, annotations = {} } = spec;
  const group = apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
  return {
    id: idOf(kind, name, namespace),
    type: `kubernetes:${group}:${kind}`,
    name: namespace === undefined ? name : `${namespace}/${name}`,
    properties: {
      apiVersion,
      kind,
      metadata: {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        labels: { ...spec.labels, ...provenance(model) },
        ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
      },
      ...spec.body,
    },
    owner: spec.owner,
    dependsOn: spec.dependsOn ?? [],
    provider: "kubernetes",
    ...(spec.waitFor === undefined ? {} : { waitFor: spec.waitFor }),
  };
}

/** Drops keys whose value is undefined, so that a table of optional fields reads as one. */
export function defined<T extends Readonly<Record<string, unknown>>>(fields: T): T {
  const result: Record<string, unknown> = {};
  for (const key in fields) if (fields[key] !== undefined) result[key] = fields[key];
  return result as T;
}

/** The object, or undefined where nothing is in it. */
export const unlessEmpty = <T extends object>(value: T): T | undefined =>
  Object.keys(value).length > 0 ? value : undefined;
