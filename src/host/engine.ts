import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Model } from "../model/model";
import { findExecutable } from "./commands";
import { problem } from "./problem";

/** What moves the bytes: the proxy of this package, or Envoy with the same configuration. */
export type Engine =
  { readonly kind: "bundled"; readonly file: string } | { readonly kind: "envoy"; readonly file: string };

/** The data plane as one built file, which exports the `main` of src/proxy/main. */
export const bundledFile = (): string => join(__dirname, "..", "..", "meshup-proxy.js");

/**
 * `spec.backends.proxy.engine`: bundled (default) or envoy, found by MESHUP_ENVOY or on PATH.
 * @throws Problem MESH3013 where it is not there.
 */
export function engineOf(model: Model): Engine {
  const wanted = model.backends.proxy?.settings.engine ?? "bundled";
  const path = "backends.proxy.engine";
  if (wanted === "bundled") {
    const file = bundledFile();
    if (existsSync(file)) return { kind: "bundled", file };
    throw problem("MESH3013", path, `${file} is absent`, "npm run build makes it.");
  }
  if (wanted !== "envoy")
    throw problem("MESH3013", path, `there is no engine "${String(wanted)}"`, "bundled and envoy exist.");
  const file = findExecutable(process.env.MESHUP_ENVOY ?? "envoy", process.cwd());
  if (file !== undefined) return { kind: "envoy", file };
  throw problem("MESH3013", path, "Envoy was not found", "Put envoy on PATH, or its path in MESHUP_ENVOY.");
}
