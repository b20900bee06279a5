import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Manifest } from "../../../src/plan";

/** Istio's v1 schemas are ES modules, so a process of its own reads them. Gives what is wrong, and how many were checked. */
export function againstIstioSchemas(manifests: readonly Manifest[]): { checked: number; wrong: string[] } {
  const output = execFileSync(process.execPath, [join(__dirname, "check-istio.mjs")], {
    input: JSON.stringify(manifests),
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(output.toString("utf8")) as { checked: number; wrong: string[] };
}
