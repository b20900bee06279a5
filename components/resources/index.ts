import type * as pulumi from "@pulumi/pulumi";
import { keyOf, type Model, type Service } from "../../src/model/model";
import type { Plan, PlanResource } from "../../src/plan/plan";
import { codes, userError } from "../errors";
import type { SharedMesh } from "../args";
import { addressesOf } from "./addresses";
import { HostMesh } from "./host-mesh";
import { kubernetesClass, manifest } from "./kubernetes";
import { outputOf, resolveReferences } from "./references";
import { classOf } from "./tokens";

/** What became of a plan: its resources by id. */
export type Nodes = ReadonlyMap<string, pulumi.CustomResource>;

/** Who owns what, and what this host needs besides the Plan. */
export interface Surroundings {
  readonly mesh: pulumi.Resource;
  readonly model: Model;
  readonly document: Readonly<Record<string, unknown>>;
  /** What a mesh on this host starts its commands in. */
  readonly directory: string;
  readonly parentOf: (owner: string) => pulumi.Resource;
  /** The mesh of another stack that this one adds to. */
  readonly shared?: SharedMesh;
}

export interface Made {
  readonly nodes: Nodes;
  /** The end of each one's URN, by id: its types from below the mesh on, and its name. */
  readonly urnEnds: ReadonlyMap<string, string>;
  /** Where clients call a service. */
  readonly address: (service: Service) => pulumi.Input<string>;
}

/**
 * Turns a Plan into Pulumi resources, in the Plan's order: each below the piece that owns it, after what it depends
 * on, with references as the Outputs they mean. Providers and transforms come from the parents.
 */
export function makeResources(plan: Plan, around: Surroundings): Made {
  const made = new Map<string, pulumi.CustomResource>();
  const urnEnds = new Map<string, string>();
  const need = (id: string, by: PlanResource): pulumi.CustomResource => {
    const found = made.get(id);
    if (found !== undefined) return found;
    throw userError(
      codes.unresolvedReference,
      `${by.id} needs ${id}, which the plan for ${plan.backend} does not hold before it.`,
      "This is a fault in MeshUp's renderer; please report it with the mesh.",
    );
  };
  for (const resource of plan.resources.filter(({ provider }) => provider !== "host")) {
    const kubernetes = resource.provider === "kubernetes";
    const Resource = kubernetes ? kubernetesClass(resource.type) : classOf(resource.type);
    const inputs = kubernetes ? manifest(resource) : resource.properties;
    const args = resolveReferences(inputs, (to) => {
      const outside = around.shared?.ids[to.$ref]?.[to.output];
      return outside ?? outputOf(need(to.$ref, resource), to.output);
    }) as object;
    const parent = around.parentOf(resource.owner);
    const options: pulumi.CustomResourceOptions = {
      parent,
      dependsOn: resource.dependsOn.map((id) => need(id, resource)),
      ...(resource.protect === undefined ? {} : { protect: resource.protect }),
    };
    made.set(
      resource.id,
      untraced(() => new Resource(resource.name, args, options)),
    );
    urnEnds.set(resource.id, `${parent === around.mesh ? "" : typeOf(parent)}$${resource.type}::${resource.name}`);
  }
  if (!plan.resources.some(({ provider }) => provider === "host"))
    return { nodes: made, urnEnds, address: addressesOf({ backend: plan.backend, ...around }, made) };

  const { model, document, directory, mesh } = around;
  const host = new HostMesh(model.name, { name: model.name, directory, document }, { parent: mesh });
  const id = `HostMesh/${model.name}`;
  made.set(id, host);
  urnEnds.set(id, `$${HostMesh.type}::${model.name}`);
  const address = (service: Service) => host.addresses.apply((addresses) => addresses?.[keyOf(service)] ?? "");
  return { nodes: made, urnEnds, address };
}

/**
 * The SDK takes a stack trace for each promise of a resource, which is most of a program's time; here each would show
 * this file and no line of the user's.
 */
function untraced<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** A piece's part of the URNs below it. */
const typeOf = (piece: pulumi.Resource): string =>
  `$${(piece.constructor as unknown as { readonly __pulumiType: string }).__pulumiType}`;
