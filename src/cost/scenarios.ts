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
export const mapScenarios = (a: Scenarios, f: (value: Decimal) => Decimal): Scenarios => {
  const low = f(a.low);
  const expected = a.expected === a.low ? low : f(a.expected);
  return { low, expected, high: a.high === a.expected ? expected : f(a.high) };
};
export const addScenarios = (a: Scenarios, b: Scenarios): Scenarios => {
  if (a === none) return b;
  if (b === none) return a;
  const low = a.low.plus(b.low);
  const expected = a.expected === a.low && b.expected === b.low ? low : a.expected.plus(b.expected);
  const high = a.high === a.expected && b.high === b.expected ? expected : a.high.plus(b.high);
  return { low, expected, high };
};
export const sumScenarios = (values: Iterable<Scenarios>): Scenarios => {
  let total = none;
  for (const value of values) total = addScenarios(total, value);
  return total;
};
export const equalScenarios = (a: Scenarios, b: Scenarios): boolean =>
  a === b || scenarioNames.every((name) => a[name].equals(b[name]));
export const isNothing = (a: Scenarios): boolean => a.low.isZero && a.expected.isZero && a.high.isZero;
