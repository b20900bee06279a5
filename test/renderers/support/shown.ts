import { type Plan, toYaml } from "../../../src/plan";

/** `# golden: VirtualService, Gateway`: the kinds that a case is about; the rest of its Plan would only repeat. */
export function shown(plan: Plan, text: string): string {
  const kinds = /^# golden: (.+)$/m.exec(text)?.[1]?.split(", ") ?? [];
  const resources = plan.resources.filter(({ type }) => kinds.includes(type.split(":").at(-1) ?? ""));
  const ids = new Set(resources.map(({ id }) => id));
  const standing = resources.map((each) => ({ ...each, dependsOn: each.dependsOn.filter((id) => ids.has(id)) }));
  return toYaml({ ...plan, resources: standing });
}

/** `# holds: route.http route.weights`: the features that a case is the proof of. */
export const heldBy = (text: string): readonly string[] =>
  [...text.matchAll(/^# holds: (.+)$/gm)].flatMap(([, names = ""]) => names.split(" "));
