import { isDeepStrictEqual } from "node:util";
import type { Plan, PlanResource } from "../../src/plan/plan";

/** What one stack adds to another's mesh, and what of the other's it would touch. */
export interface Extension {
  /** The Plan of this stack alone: it depends on nothing outside, since all of that is there already. */
  readonly plan: Plan;
  /** Ids of the owner's resources that would have to change, come or go. */
  readonly touched: readonly string[];
}

/**
 * Parts a Plan of the whole mesh into the owner's share and this stack's. What the owner's mesh alone renders must stay
 * as it is: a difference means that a piece of this stack is folded into a resource that another stack owns.
 */
export function extend(owned: Plan, whole: Plan, isOwners: (owner: string) => boolean): Extension {
  const before = new Map(owned.resources.map((resource) => [resource.id, resource]));
  const after = new Set(whole.resources.map(({ id }) => id));
  const touched: string[] = owned.resources.filter(({ id }) => !after.has(id)).map(({ id }) => id);
  const own: PlanResource[] = [];
  for (const resource of whole.resources) {
    const old = before.get(resource.id);
    if (old === undefined && !isOwners(resource.owner)) own.push(resource);
    else if (old === undefined || !isDeepStrictEqual(old.properties, resource.properties)) touched.push(resource.id);
  }
  const ids = new Set(own.map(({ id }) => id));
  const resources = own.map((resource) => ({
    ...resource,
    dependsOn: resource.dependsOn.filter((id) => ids.has(id)),
  }));
  return { plan: { backend: whole.backend, resources }, touched };
}
