import * as pulumi from "@pulumi/pulumi";
import { type CostRecord, recordsIn } from "../src/cost";
import { thisStack } from "./sharing/export";

/** The engine's own function: what the program exported by the last update. What each resource registered is too much. */
const READ_STACK = "pulumi:pulumi:readStackOutputs";

/**
 * What a mesh cost by the last update of this stack, where the program exports its `cost`. Undefined where it does not,
 * where there was no update, or where the engine cannot tell.
 */
export async function lastCost(mesh: string): Promise<CostRecord | undefined> {
  try {
    const answer: unknown = await pulumi.runtime.invoke(READ_STACK, { name: thisStack() });
    return recordsIn((answer as { readonly outputs?: unknown }).outputs).find((record) => record.mesh === mesh);
  } catch {
    // An earlier value is a courtesy: without it the line says the new one alone.
    return undefined;
  }
}
