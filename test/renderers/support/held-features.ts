import { featureById, table } from "../../../src/capabilities";
import type { BackendName } from "../../../src/model";
import { type Case, modelOf } from "./golden";
import { heldBy } from "./shown";

/** Features that a backend is said to have and that no case holds, and cases that say what they do not show. */
export function unheldFeatures(backend: BackendName, cases: readonly Case[]): string[] {
  const held = new Map<string, string>();
  const wrong: string[] = [];
  for (const { name, text } of cases) {
    const model = modelOf(text);
    for (const id of heldBy(text)) {
      const feature = featureById(id);
      if (feature === undefined) wrong.push(`${name} holds ${id}, which is no feature`);
      else if ([...feature.uses(model)].length === 0) wrong.push(`${name} does not use ${id}`);
      else if (feature.on[backend].status === "unsupported") wrong.push(`${name} holds ${id}, which is unsupported`);
      else held.set(id, name);
    }
  }
  const missing = table.filter(({ id, on }) => on[backend].status !== "unsupported" && !held.has(id));
  return [
    ...wrong,
    ...missing.map(({ id, on }) => `${id} is ${on[backend].status} on ${backend} and no case holds it`),
  ];
}
