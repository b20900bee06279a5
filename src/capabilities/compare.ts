import type { BackendName, BackendSettings, Model } from "../model/model";
import type { Feature, Support } from "./capability";
import { holds } from "./check";
import { table } from "./table";

/** What a mesh would notice when it moves from one backend to another. */
export interface Change {
  readonly feature: Feature;
  readonly from: Support;
  readonly to: Support;
  readonly change: "lost" | "different" | "gained";
  readonly paths: readonly string[];
}

/** As the mesh stands: what needs another version, engine or way of installing is not there. */
function rank(support: Support, settings: BackendSettings | undefined): number {
  if (support.status === "unsupported" || holds(support, settings) !== "yes") return 0;
  return support.status === "emulated" && support.differs ? 1 : 2;
}

/** The features that this mesh uses and that fare otherwise on the new backend, worst first, with every place of use. */
export function compare(model: Model, from: BackendName, to: BackendName): readonly Change[] {
  const changes: Change[] = [];
  for (const feature of table) {
    const [a, b] = [feature.on[from], feature.on[to]];
    const [before, after] = [rank(a, model.backends[from]), rank(b, model.backends[to])];
    if (before === after) continue;
    const paths = [...feature.uses(model)];
    if (paths.length === 0) continue;
    const change = after > before ? "gained" : after === 0 ? "lost" : "different";
    changes.push({ feature, from: a, to: b, change, paths });
  }
  const order = { lost: 0, different: 1, gained: 2 };
  return changes.sort((a, b) => order[a.change] - order[b.change]);
}
