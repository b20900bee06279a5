import type { BackendName, Model } from "../model/model";
import { estimate, type Estimate, type EstimateOptions } from "./estimate";
import { NOT_MEASURED } from "./demand";
import { homeOf, platforms, providerOfRegion } from "./platform";

export const allBackends: readonly BackendName[] = [
  "istio",
  "istio-managed-csm",
  "linkerd",
  "appmesh",
  "gcsm",
  "vpc-lattice",
  "proxy",
];
/** Why a backend cannot hold a mesh; empty where it can. */
export type CannotExpress = (backend: BackendName) => readonly string[];

export interface Alternative {
  readonly backend: BackendName;
  readonly estimate: Estimate;
  /** Why it is no candidate for the cheapest; empty where it is one. */
  readonly excluded: readonly string[];
}
export interface Comparison {
  readonly alternatives: readonly Alternative[];
  /** The candidate with the lowest expected total. Absent where there is no candidate. */
  readonly cheapest?: Alternative;
}

/** Every backend side by side. A region or platform asked for holds where the backend can run there. */
export function compare(model: Model, cannotExpress: CannotExpress, options: EstimateOptions = {}): Comparison {
  const alternatives = allBackends.map((backend): Alternative => {
    const own = estimate(model, backend, fitting(backend, options));
    return { backend, estimate: own, excluded: [...cannotExpress(backend), ...notComparable(own)] };
  });
  const candidates = alternatives.filter(({ excluded }) => excluded.length === 0);
  const cheapest = candidates.reduce<Alternative | undefined>(
    (best, next) => (best && best.estimate.monthly.expected.compare(next.estimate.monthly.expected) <= 0 ? best : next),
    undefined,
  );
  return { alternatives, ...(cheapest ? { cheapest } : {}) };
}

/** A backend bound to another cloud is estimated where it does run. */
function fitting(backend: BackendName, options: EstimateOptions): EstimateOptions {
  const home = homeOf[backend];
  const { region, platform, ...rest } = options;
  return {
    ...rest,
    ...(region !== undefined && (!home || (providerOfRegion(region) ?? home) === home) ? { region } : {}),
    ...(platform !== undefined && (!home || platforms[platform].provider === home) ? { platform } : {}),
  };
}

function notComparable({ findings, lines }: Estimate): readonly string[] {
  const reasons = findings
    .filter(({ level, code }) => level === "error" || code === "MESH5035")
    .map(({ message }) => message);
  if (lines.some(({ component, missing }) => component === "data-plane" && missing === NOT_MEASURED))
    reasons.push("its data plane has not been measured");
  if (lines.some(({ ask }) => ask !== undefined)) reasons.push("a price has to be asked for");
  return reasons;
}
