import * as pulumi from "@pulumi/pulumi";
import { type CostRecord, readRecord } from "../src/cost";
import { thisStack } from "./sharing/export";

/** The engine's own function; it reads the stack as the last update left it. */
const READ_STACK = "pulumi:pulumi:readStackResourceOutputs";

type Data = Readonly<Record<string, unknown>>;
const fields = (value: unknown): Data => (typeof value === "object" && value !== null ? (value as Data) : {});

/** What a mesh cost by the last update of this stack. Undefined where there was none, or the engine cannot tell. */
export async function lastCost(mesh: pulumi.Resource): Promise<CostRecord | undefined> {
  try {
    const urn = await new Promise<string>((resolve) => mesh.urn.apply(resolve));
    const answer: unknown = await pulumi.runtime.invoke(READ_STACK, { stackName: thisStack() });
    const resource = fields(fields(fields(answer).outputs)[urn]);
    return readRecord(fields(resource.outputs ?? resource).cost);
  } catch {
    // An earlier value is a courtesy: without it the line says the new one alone.
    return undefined;
  }
}
