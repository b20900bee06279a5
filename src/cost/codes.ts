import type { Finding, Level } from "../model/finding";

/** What cost can find wrong, MESH5001–MESH5999, and what to do; docs/cost.md says the same. A code is never reused. */
export const COST_CODES = {
  // price books
  MESH5001: { level: "error", title: "The file is not valid YAML", remedy: "correct it at the line" },
  MESH5002: {
    level: "error",
    title: "Unknown, missing or mistyped key",
    remedy: "the tables of this page list the keys",
  },
  MESH5003: { level: "error", title: "A price that is not a number of 0 or more", remedy: "write it as 0.025" },
  MESH5004: {
    level: "error",
    title: "Tiers with a gap or an overlap",
    remedy: "start each tier where the one before ends, the first at 0; the last has no end",
  },
  MESH5005: {
    level: "error",
    title: "The same SKU and region priced twice",
    remedy: "keep one, or say `override: true`",
  },
  MESH5006: {
    level: "error",
    title: "An override of a SKU that no book below has",
    remedy: "correct the SKU, or leave out `override`",
  },
  MESH5007: { level: "error", title: "A price book that extends itself", remedy: "break the circle" },
  MESH5008: {
    level: "error",
    title: "A price book that cannot be found",
    remedy: "name a bundled book or a file beside this one",
  },
  MESH5009: {
    level: "error",
    title: "A pinned price book has another date",
    remedy: "review its prices and move the pin",
  },
  MESH5010: { level: "error", title: "Price books in different currencies", remedy: "keep one; none is converted" },
  // usage files
  MESH5020: {
    level: "error",
    title: "A usage value out of range",
    remedy: "no negative rates, percentages to 100, average ≤ expected ≤ peak",
  },
  MESH5021: { level: "error", title: "Usage for something that the mesh does not have", remedy: "correct the address" },
  MESH5022: { level: "error", title: "Usage said in two ways", remedy: "keep one" },
  // estimates
  MESH5030: { level: "error", title: "The price book does not price this", remedy: "use a book that does, or add it" },
  MESH5031: { level: "error", title: "No price in this region", remedy: "add it, or choose another region" },
  MESH5032: {
    level: "error",
    title: "Unknown or unfit region or platform",
    remedy: "the backend's own cloud, or leave both out",
  },
  MESH5033: { level: "warning", title: "Prices read more than 180 days ago", remedy: "check them at their source" },
  MESH5034: { level: "warning", title: "A published price contradicts the price book", remedy: "use `vendor`" },
  MESH5035: { level: "warning", title: "The backend is discontinued", remedy: "compare with others" },
  MESH5036: { level: "warning", title: "Overhead not measured", remedy: "it is left open" },
  MESH5037: { level: "info", title: "Price on request", remedy: "add what the vendor offered you" },
  MESH5038: { level: "info", title: "What the price book leaves out", remedy: "use `vendor` for the rest" },
  MESH5040: {
    level: "error",
    title: "Over budget",
    remedy:
      "raise it, or see what saves (`meshup cost compare FILE`); commands exit with 3, a stack's update is refused",
  },
  // stacks
  MESH5041: {
    level: "error",
    title: "A stack whose cost cannot be read",
    remedy: "its name, the project's directory (`--cwd`) and the `pulumi` command",
  },
  MESH5042: {
    level: "warning",
    title: "A stack without a cost",
    remedy: "update it once: each Mesh registers its cost",
  },
  MESH5043: {
    level: "warning",
    title: "A budget that cannot be held in full",
    remedy: "add the prices that are missing to a book of yours (MESH5030, MESH5031)",
  },
} as const satisfies Record<string, { readonly level: Level; readonly title: string; readonly remedy: string }>;

export type CostCode = keyof typeof COST_CODES;

export interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}
export const costFinding = (
  code: CostCode,
  path: string,
  message: string,
  remedy: string,
  place: Place = {},
): Finding => ({ code, level: COST_CODES[code].level, path, message, remedy, ...place });
