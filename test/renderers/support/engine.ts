import { inOrder, needsOf, type Plan, type PlanResource } from "../../../src/plan";

/** What stands at one moment of an update, by id. */
export type Standing = ReadonlyMap<string, PlanResource>;
export interface Step {
  readonly what: string;
  readonly standing: Standing;
}

/**
 * An update as the engine does it: each create and update after those of what it needs, then the deletes, each after
 * those of what needed it. Among what may go next, `choose` picks: the engine goes in parallel, so any order may be.
 */
export function* update(from: Plan, to: Plan, choose: (count: number) => number): Generator<Step> {
  const standing = new Map(from.resources.map((resource) => [resource.id, resource]));
  yield { what: "before", standing: new Map(standing) };
  for (const resource of anyOrder(inOrder(to.resources), needsOf, choose)) {
    const old = standing.get(resource.id);
    if (old !== undefined && JSON.stringify(old.properties) === JSON.stringify(resource.properties)) continue;
    standing.set(resource.id, resource);
    yield { what: `${old === undefined ? "create" : "update"} ${resource.id}`, standing: new Map(standing) };
  }
  const kept = new Set(to.resources.map(({ id }) => id));
  const gone = from.resources.filter(({ id }) => !kept.has(id));
  const needing = new Map<string, string[]>();
  for (const resource of gone)
    for (const need of needsOf(resource)) needing.set(need, [...(needing.get(need) ?? []), resource.id]);
  for (const resource of anyOrder(gone, ({ id }) => needing.get(id) ?? [], choose)) {
    standing.delete(resource.id);
    yield { what: `delete ${resource.id}`, standing: new Map(standing) };
  }
}

function* anyOrder(
  resources: readonly PlanResource[],
  after: (resource: PlanResource) => readonly string[],
  choose: (count: number) => number,
): Generator<PlanResource> {
  const waiting = new Map(resources.map((resource) => [resource.id, resource]));
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter((resource) => after(resource).every((id) => !waiting.has(id)));
    const next = ready[choose(ready.length)];
    if (next === undefined) throw new Error("resources wait for each other in a circle");
    waiting.delete(next.id);
    yield next;
  }
}
