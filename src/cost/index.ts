/** What a mesh will cost, before anything is applied. Pure: price books and usage files come in as text. */
export { overBudget } from "./budget";
export { COST_CODES, costFinding, type CostCode } from "./codes";
export { type Alternative, allBackends, type CannotExpress, compare, type Comparison } from "./compare";
export { COMPONENTS, type Component, componentNames } from "./components";
export { Decimal } from "./decimal";
export { type CostDiff, diff, type LineChange } from "./diff";
export { estimate, type Estimate, type EstimateOptions } from "./estimate";
export type { CostLine } from "./line";
export { homeOf, type PlatformName, platformNames, platforms } from "./platform";
export { bookNames, bundledBook, type LoadBookOptions, type LoadedBook, loadBook, type PriceBook } from "./price-book";
export {
  type CostRecord,
  overStackBudget,
  readRecord,
  recordLess,
  recordLine,
  recordOf,
  recordsIn,
  totalOf,
} from "./record";
export { comparisonMarkdown, comparisonTable } from "./report/comparison";
export { markdownDiff, tableDiff } from "./report/difference";
export { comparisonHtml, html } from "./report/html";
export { json, jsonDiff, type JsonOptions } from "./report/json";
export { markdown } from "./report/markdown";
export { money } from "./report/money";
export { type StackCost, stacksJson, stacksMarkdown, stacksTable } from "./report/stacks";
export { table } from "./report/table";
export type { Scenarios } from "./scenarios";
export { type LoadedUsage, loadUsage, presetNames, presetText } from "./usage/load";
export { noUsage, type Usage } from "./usage/usage";
