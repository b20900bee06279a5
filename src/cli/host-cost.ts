import { join } from "node:path";
import { estimate, readRecord, recordLine, recordOf } from "../cost";
import { COST, StateDir } from "../host/state";
import type { Model } from "../model";
import { readBook, readUsage } from "./cost-files";

/** How a mesh on this host is priced: its own machine has no price until a book sets one. */
export interface HostCostOptions {
  readonly usage?: string;
  readonly priceBook?: string;
  /** What their files are relative to; default the current directory. */
  readonly directory?: string;
}
export interface HostCost {
  /** With what ran before, where something did. */
  readonly line: string;
  /** Makes it what ran before, for the next time: to be called when the mesh is up. */
  readonly keep: () => void;
}

/**
 * What the mesh costs on this host.
 * @throws UsageError where a book or a usage file is missing, Problem where it has errors.
 */
export function hostCost(model: Model, { usage, priceBook = "vendor", directory }: HostCostOptions): HostCost {
  const state = new StateDir(model.name);
  const options = {
    book: readBook(priceBook, directory),
    usage: usage === undefined ? undefined : readUsage(usage, directory),
  };
  const record = recordOf(estimate(model, "proxy", { ...options, platform: "self" }));
  return {
    line: `cost: ${recordLine(record, readRecord(state.readJson(COST)))}`,
    keep: () => state.write(join(state.path, COST), `${JSON.stringify(record)}\n`),
  };
}
