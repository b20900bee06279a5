import type { Component } from "./components";
import type { Estimate } from "./estimate";
import type { CostLine } from "./line";
import { addScenarios, equalScenarios, mapScenarios, none, type Scenarios } from "./scenarios";

export type ChangeKind = "+" | "~" | "-";
export interface LineChange {
  readonly kind: ChangeKind;
  readonly owner: string;
  readonly component: Component;
  readonly name: string;
  readonly before?: CostLine;
  readonly after?: CostLine;
  /** Absent where a side that exists has no cost yet. */
  readonly delta?: Scenarios;
}
export interface CostDiff {
  readonly before: Estimate;
  readonly after: Estimate;
  /** What differs, by owner in the order of the new estimate, what was removed last. */
  readonly changes: readonly LineChange[];
  /** The new total less the old. */
  readonly delta: Scenarios;
}

const keyOfLine = (line: CostLine): string => `${line.owner}\n${line.component}\n${line.name}`;
const negated = (amounts: Scenarios): Scenarios => mapScenarios(amounts, (v) => v.negated());
const less = (after: Scenarios, before: Scenarios): Scenarios => addScenarios(after, negated(before));

/** What changes from one estimate to another: the mesh, its usage, the prices or the backend. */
export function diff(before: Estimate, after: Estimate): CostDiff {
  const old = new Map(before.lines.map((line) => [keyOfLine(line), line]));
  const changes: LineChange[] = [];
  for (const line of after.lines) {
    const was = old.get(keyOfLine(line));
    old.delete(keyOfLine(line));
    if (!was) changes.push(changeOf("+", undefined, line));
    else if (!unchanged(was, line)) changes.push(changeOf("~", was, line));
  }
  for (const was of old.values()) changes.push(changeOf("-", was, undefined));
  return { before, after, changes, delta: less(after.monthly, before.monthly) };
}

function changeOf(kind: ChangeKind, before: CostLine | undefined, after: CostLine | undefined): LineChange {
  const { owner, component, name } = (after ?? before) as CostLine;
  const known = (!before || before.monthly) && (!after || after.monthly);
  const delta = known ? less(after?.monthly ?? none, before?.monthly ?? none) : undefined;
  return { kind, owner, component, name, before, after, ...(delta ? { delta } : {}) };
}
const unchanged = (a: CostLine, b: CostLine): boolean =>
  optional(a.monthly, b.monthly, equalScenarios) &&
  optional(a.quantity, b.quantity, equalScenarios) &&
  optional(a.price, b.price, (x, y) => x.equals(y));
const optional = <T>(a: T | undefined, b: T | undefined, equal: (a: T, b: T) => boolean): boolean =>
  a === undefined || b === undefined ? a === b : equal(a, b);
