import { Decimal } from "../decimal";
import type { Context, Demand } from "../demand";
import { mapScenarios, same } from "../scenarios";
import { HOURS_PER_MONTH, monthlyFromHourly } from "../units";
import { perReplica } from "./compute";

/** The mesh's own fee, by workload replica. */
export function* instances(context: Context, sku: string): Generator<Demand> {
  for (const load of context.services)
    yield {
      owner: load.owner,
      component: "mesh-fee",
      name: "Mesh instances",
      sku,
      usageBased: false,
      ...perReplica(load, Decimal.one),
    };
}

/** VPC Lattice: by service, by GB and by request. Its price for data includes traffic between zones. */
export function* lattice(context: Context): Generator<Demand> {
  for (const { owner, usage } of context.services) {
    const shared = { owner, component: "mesh-fee" as const };
    yield {
      ...shared,
      name: "Lattice service",
      sku: "aws.lattice.service",
      usageBased: false,
      quantity: same(HOURS_PER_MONTH),
    };
    yield {
      ...shared,
      name: "Lattice data processed",
      sku: "aws.lattice.data",
      usageBased: true,
      quantity: usage.gbPerMonth,
      missing: `data of ${owner}`,
    };
    yield {
      ...shared,
      name: "Lattice requests",
      sku: "aws.lattice.requests",
      usageBased: true,
      quantity: usage.requestsPerHour && mapScenarios(usage.requestsPerHour, monthlyFromHourly),
      missing: `requests of ${owner}`,
    };
  }
}

/** A commercial edition that the mesh asks for: its price is the vendor's to say. */
export function* edition(context: Context, backend: "istio" | "linkerd"): Generator<Demand> {
  const named = context.model.backends[backend]?.settings.edition;
  const sku = typeof named === "string" ? EDITIONS[named] : undefined;
  if (sku)
    yield {
      owner: "mesh",
      component: "mesh-fee",
      name: "Commercial edition",
      sku,
      usageBased: false,
      quantity: same(Decimal.one),
    };
}
const EDITIONS: Readonly<Record<string, string>> = {
  "buoyant-enterprise": "mesh.buoyant-enterprise",
  tetrate: "mesh.tetrate",
  solo: "mesh.solo",
};
