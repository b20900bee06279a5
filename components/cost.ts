import * as pulumi from "@pulumi/pulumi";
import { COST_CODES, type CostRecord, estimate, overStackBudget, recordLess, recordLine, recordOf } from "../src/cost";
import { fromObject, type BackendName, type Model } from "../src/model";
import { lastCost } from "./cost-before";
import type { Costing } from "./costing";
import { userError } from "./errors";
import type { Settings } from "./settings";
import { ownersDocument } from "./sharing/compile";

/** What a mesh costs a month, as estimated before anything of it is made. Amounts are decimal strings. */
export interface MeshCost {
  /** Name of the mesh. */
  mesh: string;
  /** What it runs on. */
  backend: string;
  /** Region of the prices. */
  region: string;
  /** Where its proxies run. */
  platform: string;
  /** Price book that was used. */
  priceBook: string;
  /** Currency of all amounts. */
  currency: string;
  /** Expected total. */
  monthly: string;
  /** Total at the average load. */
  low: string;
  /** Total as if the peak lasted all month. */
  high: string;
  /** Expected, by component: mesh-fee, data-plane, control-plane, certificates, traffic, telemetry. */
  byComponent: Record<string, string>;
  /** Expected, by mesh, service.NAMESPACE/NAME and gateway.NAMESPACE/NAME. */
  byOwner: Record<string, string>;
  /** Lines that depend on usage, a measurement or a vendor's offer; they are in no amount. */
  open: number;
}

/** Meshes of one run of one program, by the engine's monitor: budgets of the stack are for all of them. */
const priced = new WeakMap<object, Map<pulumi.Resource, CostRecord>>();

/**
 * What the mesh costs, or this stack's share of another's. Says so, and throws, or only warns, over a
 * budget. A price that is not known never stops a deployment: it is told, and its line is open.
 */
export function priceMesh(
  mesh: pulumi.Resource,
  model: Model,
  { backend, shared }: Settings,
  costing: Costing,
): MeshCost {
  const of = (priceable: Model) => estimate(priceable, backend as BackendName, costing.options);
  const whole = of(model);
  const unknown = whole.findings.filter(({ level, code }) => level === "error" || code === "MESH5033");
  for (const { code, message, remedy } of unknown) void pulumi.log.warn(`${code}: ${message}. ${remedy}`, mesh);
  const owners = shared && fromObject(ownersDocument(shared)).model;
  const record = owners ? recordLess(recordOf(whole), recordOf(of(owners))) : recordOf(whole);
  hold(mesh, record, costing);
  if ((costing.budget ?? costing.stackBudget) && unknown.some(({ level }) => level === "error"))
    void pulumi.log.warn(`MESH5043: the budget holds only what is priced. ${COST_CODES.MESH5043.remedy}.`, mesh);
  if (pulumi.runtime.getEngine() !== undefined) void say(mesh, record);
  return record;
}

function hold(mesh: pulumi.Resource, record: CostRecord, { budget, stackBudget, overBudget }: Costing): void {
  const run: object = pulumi.runtime.getMonitor() ?? mesh;
  const all = (priced.get(run) ?? new Map<pulumi.Resource, CostRecord>()).set(mesh, record);
  priced.set(run, all);
  const findings = [
    budget &&
      overStackBudget([record], budget, {
        what: `mesh ${record.mesh}`,
        remedy: RAISE.replace("KEY", "its cost.budget"),
      }),
    stackBudget &&
      overStackBudget([...all.values()], stackBudget, {
        what: `stack ${pulumi.getStack()}`,
        remedy: RAISE.replace("KEY", "meshup:budget in the stack's config"),
      }),
  ];
  for (const finding of findings) {
    if (finding === undefined) continue;
    const { code, message, remedy } = finding;
    if (overBudget === "error") throw userError("MESH5040", `${message}.`, remedy, mesh);
    void pulumi.log.warn(`${code}: ${message}. ${remedy}`, mesh);
  }
}
const RAISE = "Raise KEY, or look for what to save: meshup cost compare FILE.";

/**
 * One line beside the mesh, with what the last update said where that is known. Updates ask as previews do: the engine
 * keeps a provider for the question, and one that only previews had would be a change in every one of them.
 */
async function say(mesh: pulumi.Resource, record: CostRecord): Promise<void> {
  const done: () => void = pulumi.runtime.rpcKeepAlive();
  try {
    await pulumi.log.info(`cost: ${recordLine(record, await lastCost(record.mesh))}`, mesh);
  } finally {
    done();
  }
}
