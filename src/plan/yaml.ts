import { dump } from "js-yaml";

/**
 * YAML that readers of YAML 1.1, as Kubernetes' own, take the same way: `"on"`, `"012"` and `"1e3"` keep their quotes.
 * Lines are not folded and nothing is an alias, so that two renderings differ only where their Plans do.
 */
export const yaml = (value: unknown): string => dump(value, { lineWidth: -1, noRefs: true, quoteStyle: "double" });
