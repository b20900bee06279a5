import type { Finding, Level } from "../../model/finding";

/** What only this renderer can find, MESH2101–MESH2189. A code is never reused; what a feature loses is the capability table's. */
export const CODES = {
  MESH2101: { level: "warning", title: "A zero that Istio reads as not set" },
  MESH2102: { level: "error", title: "Several conditions on one name" },
  MESH2103: { level: "error", title: "Several workload mTLS policies for the same pods" },
  MESH2104: { level: "warning", title: "Locality without outlier detection" },
  MESH2106: { level: "error", title: "A redirect of a prefix where no prefix is matched" },
  MESH2107: { level: "error", title: "A combination that Istio refuses" },
  MESH2108: { level: "warning", title: "Client certificates by sidecar need more than a rule" },
  MESH2110: { level: "error", title: "Unknown or malformed setting" },
  MESH2111: { level: "error", title: "Several hosts on a TCP port" },
  MESH2112: { level: "warning", title: "CORS ages are whole seconds" },
  MESH2113: { level: "error", title: "More than one hash key" },
  MESH2114: { level: "error", title: "tcp rules on a port declared HTTP" },
  MESH2115: { level: "warning", title: "Trace collector that the charts cannot name" },
} as const satisfies Record<string, { readonly level: Level; readonly title: string }>;

export type Code = keyof typeof CODES;

export const finding = (code: Code, path: string, message: string, remedy: string): Finding => ({
  code,
  level: CODES[code].level,
  path,
  message,
  remedy,
});
