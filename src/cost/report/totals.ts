import type { Estimate } from "../estimate";
import type { CostLine } from "../line";
import { addScenarios, mapScenarios, none, type Scenarios } from "../scenarios";
import { hourlyFromMonthly } from "../units";

/** Lines by owner, in the order of the estimate, the mesh itself first. */
export function linesByOwner(estimate: Estimate): ReadonlyMap<string, readonly CostLine[]> {
  const owners = new Map<string, CostLine[]>([["mesh", []]]);
  for (const line of estimate.lines) {
    const lines = owners.get(line.owner);
    if (lines) lines.push(line);
    else owners.set(line.owner, [line]);
  }
  if (owners.get("mesh")?.length === 0) owners.delete("mesh");
  return owners;
}
/** What an hour costs: the sum of each line's, so that parts and total agree to the last digit. */
export const hourly = (line: CostLine): Scenarios | undefined =>
  line.monthly && mapScenarios(line.monthly, hourlyFromMonthly);
export const totalHourly = (lines: readonly CostLine[]): Scenarios =>
  lines.reduce((total, line) => addScenarios(total, hourly(line) ?? none), none);
export const totalMonthly = (lines: readonly CostLine[]): Scenarios =>
  lines.reduce((total, line) => addScenarios(total, line.monthly ?? none), none);
export const usageOnly = (lines: readonly CostLine[]): readonly CostLine[] => lines.filter((line) => line.usageBased);
