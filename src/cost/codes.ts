import type { Finding, Level } from "../model/finding";

/** What cost can find wrong, MESH5001–MESH5999; docs/cost.md explains each. A code is never reused. */
export const COST_CODES = {
  // price books
  MESH5001: { level: "error", title: "The file is not valid YAML" },
  MESH5002: { level: "error", title: "Unknown, missing or mistyped key" },
  MESH5003: { level: "error", title: "A price that is not a number of 0 or more" },
  MESH5004: { level: "error", title: "Tiers with a gap or an overlap" },
  MESH5005: { level: "error", title: "The same SKU and region priced twice" },
  MESH5006: { level: "error", title: "An override of a SKU that no book below has" },
  MESH5007: { level: "error", title: "A price book that extends itself" },
  MESH5008: { level: "error", title: "A price book that cannot be found" },
  MESH5009: { level: "error", title: "A pinned price book has another date" },
  MESH5010: { level: "error", title: "Price books in different currencies" },
  // usage files
  MESH5020: { level: "error", title: "A usage value out of range" },
  MESH5021: { level: "error", title: "Usage for something that the mesh does not have" },
  MESH5022: { level: "error", title: "Usage said in two ways" },
  // estimates
  MESH5030: { level: "error", title: "The price book does not price this" },
  MESH5031: { level: "error", title: "No price in this region" },
  MESH5032: { level: "error", title: "Unknown or unfit region or platform" },
  MESH5033: { level: "warning", title: "Prices read more than 180 days ago" },
  MESH5034: { level: "warning", title: "A published price contradicts the price book" },
  MESH5035: { level: "warning", title: "The backend is discontinued" },
  MESH5036: { level: "warning", title: "Overhead not measured" },
  MESH5037: { level: "info", title: "Price on request" },
  MESH5038: { level: "info", title: "What the price book leaves out" },
  MESH5040: { level: "error", title: "Over budget" },
} as const satisfies Record<string, { readonly level: Level; readonly title: string }>;

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
