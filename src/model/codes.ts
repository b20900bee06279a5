import type { Finding, Level } from "./finding";

/** What the loader can find wrong, MESH0001–MESH0999. A code is never reused; a retired one keeps its line. */
export const CODES = {
  // the text
  MESH0001: { level: "error", title: "The file is empty" },
  MESH0002: { level: "error", title: "The file is larger than a mesh can be" },
  MESH0003: { level: "error", title: "The file is not valid YAML" },
  MESH0004: { level: "error", title: "A key is written twice" },
  MESH0005: { level: "error", title: "An apiVersion that this release does not read" },
  MESH0006: { level: "error", title: "A kind that is not MeshUp's" },
  MESH0007: { level: "error", title: "Not exactly one Mesh" },
  // the shape
  MESH0010: { level: "error", title: "Unknown key" },
  MESH0011: { level: "error", title: "Missing key" },
  MESH0012: { level: "error", title: "Value of the wrong type" },
  MESH0013: { level: "error", title: "Value not allowed" },
  MESH0014: { level: "error", title: "Value only known at deployment where structure is needed" },
  MESH0015: { level: "error", title: "Port out of range" },
  MESH0016: { level: "error", title: "Unknown backend" },
  MESH0017: { level: "error", title: "Reserved key" },
  // names and references
  MESH0020: { level: "error", title: "Duplicate name" },
  MESH0021: { level: "error", title: "Unknown service" },
  MESH0022: { level: "error", title: "Unknown version" },
  MESH0023: { level: "error", title: "Unknown port" },
  MESH0024: { level: "error", title: "Port not said, and the service has several" },
  MESH0025: { level: "error", title: "Unknown gateway or listener" },
  MESH0026: { level: "error", title: "Ambiguous reference" },
  MESH0027: { level: "error", title: "Policy that applies to nothing" },
  MESH0028: { level: "error", title: "Policy for a port that no workload has" },
  MESH0029: { level: "error", title: "External service where one of the mesh's own is needed" },
  // routes
  MESH0030: { level: "error", title: "No traffic can go here: every weight is 0" },
  MESH0031: { level: "error", title: "Two routes claim the same host" },
  MESH0032: { level: "error", title: "A route needs exactly one of http, grpc, tcp and tls" },
  MESH0033: { level: "error", title: "Route attached to nothing" },
  MESH0034: { level: "error", title: "Rule that answers nothing" },
  MESH0035: { level: "error", title: "Regular expression that RE2 cannot run" },
  MESH0036: { level: "error", title: "Exactly one of several keys is needed" },
  MESH0037: { level: "error", title: "Rule with two answers" },
  MESH0038: { level: "error", title: "Route kind that the port cannot carry" },
  // services
  MESH0040: { level: "error", title: "Two versions select the same pods" },
  MESH0041: { level: "error", title: "Health check without what it asks for" },
  MESH0042: { level: "error", title: "Hash policy without keys" },
  MESH0043: { level: "error", title: "Shares that do not add up" },
  // policies
  MESH0050: { level: "error", title: "Two mTLS policies for the same target" },
  MESH0051: { level: "error", title: "Policy outside its target's namespace" },
  MESH0052: { level: "error", title: "JWT policy without keys" },
} as const satisfies Record<string, { readonly level: Level; readonly title: string }>;

export type Code = keyof typeof CODES;

export const finding = (code: Code, path: string, message: string, remedy: string): Finding => ({
  code,
  level: CODES[code].level,
  path,
  message,
  remedy,
});
