import { Decimal } from "./decimal";

/** One figure three times: at the average, the expected and the peak load. */
export interface Scenarios {
  readonly low: Decimal;
  readonly expected: Decimal;
  readonly high: Decimal;
}
export const scenarioNames = ["low", "expected", "high"] as const;
export type Scenario = (typeof scenarioNames)[number];

export const same = (value: Decimal): Scenarios => ({ low: value, expected: value, high: value });
export const none = same(Decimal.zero);
const isSame = (a: Scenarios): boolean => a.low === a.expected && a.expected === a.high;
export const mapScenarios = (a: Scenarios, f: (value: Decimal) => Decimal): Scenarios =>
  isSame(a) ? same(f(a.low)) : { low: f(a.low), expected: f(a.expected), high: f(a.high) };
export const addScenarios = (a: Scenarios, b: Scenarios): Scenarios => ({
  low: a.low.plus(b.low),
  expected: a.expected.plus(b.expected),
  high: a.high.plus(b.high),
});
export const multiplyScenarios = (a: Scenarios, b: Scenarios): Scenarios => ({
  low: a.low.times(b.low),
  expected: a.expected.times(b.expected),
  high: a.high.times(b.high),
});
export const sumScenarios = (values: Iterable<Scenarios>): Scenarios => {
  let total = none;
  for (const value of values) total = addScenarios(total, value);
  return total;
};
export const equalScenarios = (a: Scenarios, b: Scenarios): boolean =>
  a === b || scenarioNames.every((name) => a[name].equals(b[name]));
export const isNothing = (a: Scenarios): boolean => a.low.isZero && a.expected.isZero && a.high.isZero;
