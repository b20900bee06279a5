import type { PlanResource } from "./plan";
import { needsOf } from "./references";

/** A Plan that no order could apply: a fault of the renderer that made it. */
export class PlanError extends Error {
  override readonly name = "PlanError";
}

/**
 * The resources so that each comes after what it needs, otherwise in the order given: one already in order stays as
 * it is. Throws a PlanError where ids are not unique, where one is missing, or where they need each other in a circle.
 */
export function inOrder(resources: readonly PlanResource[]): PlanResource[] {
  const byId = new Map<string, PlanResource>();
  for (const resource of resources) {
    if (byId.has(resource.id)) throw new PlanError(`the plan holds ${resource.id} twice`);
    byId.set(resource.id, resource);
  }
  const done = new Set<string>();
  const ordered: PlanResource[] = [];
  for (const root of resources) place(root, byId, done, ordered);
  return ordered;
}

/** Depth first on a stack of our own: a chain of thousands must not end in a stack overflow. */
function place(
  root: PlanResource,
  byId: ReadonlyMap<string, PlanResource>,
  done: Set<string>,
  ordered: PlanResource[],
): void {
  const path: { readonly resource: PlanResource; readonly needs: readonly string[]; next: number }[] = [];
  const open = new Set<string>();
  const enter = (resource: PlanResource): void => {
    open.add(resource.id);
    path.push({ resource, needs: needsOf(resource), next: 0 });
  };
  if (!done.has(root.id)) enter(root);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const need = top.needs[top.next++];
    if (need === undefined) {
      open.delete(top.resource.id);
      done.add(top.resource.id);
      ordered.push(top.resource);
      path.pop();
    } else if (open.has(need)) {
      const circle = [...path.map(({ resource }) => resource.id), need];
      throw new PlanError(`resources need each other in a circle: ${circle.slice(circle.indexOf(need)).join(" → ")}`);
    } else if (!done.has(need)) {
      const resource = byId.get(need);
      if (resource === undefined) throw new PlanError(`${top.resource.id} needs ${need}, which the plan does not hold`);
      enter(resource);
    }
  }
}
