import { fromModel, type Facts } from "../facts";
import type { Finding } from "../model/finding";
import type { Model } from "../model/model";
import type { Check } from "./check";
import { levelOf, type Levels } from "./levels";
import { checks } from "./table";

export interface RunOptions {
  /** Levels from `.meshuprc.yaml`; what it does not name keeps its own. */
  readonly levels?: Levels;
  /** Default: all. */
  readonly checks?: readonly Check[];
}

/** Runs every rule over a mesh. The findings' paths are relative to `spec`; `loadMesh`'s `locate` adds line and column. */
export const runChecks = (model: Model, options: RunOptions = {}): readonly Finding[] =>
  checkFacts(fromModel(model), options);

/** The same over facts from elsewhere. */
export function checkFacts(facts: Facts, options: RunOptions = {}): readonly Finding[] {
  const findings: Finding[] = [];
  for (const check of options.checks ?? checks) {
    const level = levelOf(check, options.levels);
    if (level === "off") continue;
    for (const { path, message, remedy } of check.run(facts))
      findings.push({ code: check.code, level, path, message, remedy: remedy ?? check.remedy });
  }
  return findings;
}
