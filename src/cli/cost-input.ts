import { checkCapabilities } from "../capabilities";
import type { CannotExpress, EstimateOptions, PlatformName } from "../cost";
import type { BackendName, Finding, Model } from "../model";
import { RENDERERS } from "../renderers";
import { readBook, readUsage } from "./cost-files";
import { UsageError } from "./io";

export interface CostOptions {
  readonly priceBook: string;
  readonly usage?: string;
  readonly region?: string;
  readonly platform?: PlatformName;
  readonly today?: string;
}

/**
 * What the options name, read.
 * @throws UsageError where a file is missing, Problem where it has errors.
 */
export function estimateOptions(options: CostOptions): EstimateOptions & { readonly today: string } {
  const today = options.today ?? new Date().toISOString().slice(0, 10);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(today) || Number.isNaN(Date.parse(today)))
    throw new UsageError(`--today ${today} is no date; write it as 2026-11-23`);
  return {
    book: readBook(options.priceBook),
    usage: options.usage === undefined ? undefined : readUsage(options.usage),
    region: options.region,
    platform: options.platform,
    today,
  };
}

/** Why a backend cannot hold the mesh: what the capability table and its renderer call errors. */
export const cannotExpress =
  (model: Model): CannotExpress =>
  (backend) => {
    const found = [...checkCapabilities(model, backend), ...rendererFindings(model, backend)];
    return [...new Set(found.filter(({ level }) => level === "error").map(({ message }) => message))];
  };

/** One backend's renderer that fails must not hide what the others cost: its failure is why it is no candidate. */
function rendererFindings(model: Model, backend: BackendName): readonly Pick<Finding, "level" | "message">[] {
  try {
    return RENDERERS[backend]?.(model).findings ?? [];
  } catch (error) {
    return [
      { level: "error", message: `it cannot be rendered: ${error instanceof Error ? error.message : String(error)}` },
    ];
  }
}
