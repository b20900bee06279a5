/**
 * A Plan: what a backend will hold, as data. Components turn it into Pulumi resources, `meshup render` into files,
 * `meshup up` into processes. References between resources are symbolic (`ref`), so a Plan needs no engine.
 */
export interface Plan {
  readonly backend: string;
  /** In an order that is safe to apply one by one: what something depends on comes before it. */
  readonly resources: readonly PlanResource[];
}

export interface PlanResource {
  /** Unique in the Plan and stable across renders: `DestinationRule/ns/name`. */
  readonly id: string;
  /** Pulumi type token: `kubernetes:core/v1:Service`, `kubernetes:networking.istio.io/v1:VirtualService`, `aws:appmesh/mesh:Mesh`. */
  readonly type: string;
  /** Logical name, unique for the type: what the URN shows. */
  readonly name: string;
  /** Inputs of the resource (for Kubernetes the whole manifest). May hold `Reference`s and opaque leaves. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** The piece that owns it, which becomes its Pulumi parent: `mesh`, `service:ns/name`, `route:ns/name`, `mtls:ns/name`, … */
  readonly owner: string;
  /** Ids that exist before this is created or updated, and are deleted after it. */
  readonly dependsOn: readonly string[];
  readonly provider: "kubernetes" | "aws" | "gcp" | "random" | "host";
  /** A condition to wait for, e.g. `condition=Programmed` (pulumi.com/waitFor). */
  readonly waitFor?: string;
  readonly protect?: boolean;
}

/** An output of another resource, known only once that one exists. */
export interface Reference {
  readonly $ref: string;
  readonly output: string;
}
export const ref = (id: string, output: string): Reference => ({ $ref: id, output });
export const isReference = (value: unknown): value is Reference =>
  typeof value === "object" && value !== null && typeof (value as Reference).$ref === "string" && "output" in value;
