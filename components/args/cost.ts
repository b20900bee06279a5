import type { OverBudget } from "./enums";

/** How a mesh's cost is estimated; what is left out comes from the stack's config (`meshup:usage`, …). */
export interface CostArgs {
  /** Traffic: small, medium, large, or a usage file relative to the project's root; default: left open. */
  usage?: string;
  /** vendor (published prices), article, or a file relative to the project's root; default vendor. */
  priceBook?: string;
  /** Region of the prices; default the cloud provider's of the stack's config, else us-east-1 or us-central1. */
  region?: string;
  /** Where proxies run: eks, fargate, gke, autopilot or self; default eks or gke, on this host self. */
  platform?: string;
  /** Most that this mesh may cost a month, in the price book's currency; default: no limit. */
  budget?: number;
  /** error: nothing is made; warning: it is only told; default error. */
  overBudget?: OverBudget;
}
