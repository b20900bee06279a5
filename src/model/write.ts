import { CORE_SCHEMA, dump } from "js-yaml";
import type { Model } from "./model";
import type { MeshDocument } from "./schema/mesh";

/** A document as YAML: what `loadMesh` reads back to the same. Throws a TypeError for a value known only at deployment. */
export function writeDocument(document: MeshDocument): string {
  return dump(plain(document, ""), { schema: CORE_SCHEMA, lineWidth: 120, noRefs: true });
}

/** The model as YAML, as it was written: defaults stay unwritten. */
export const writeMesh = (model: Model): string => writeDocument(model.source as MeshDocument);

/** Plain data with what is undefined left out. */
function plain(value: unknown, path: string): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((item: unknown, index) => plain(item, `${path}[${index}]`));
  if (typeof value === "object" && [Object.prototype, null].includes(Object.getPrototypeOf(value) as null)) {
    const written = Object.entries(value).filter(([, inner]) => inner !== undefined);
    return Object.fromEntries(written.map(([key, inner]) => [key, plain(inner, path === "" ? key : `${path}.${key}`)]));
  }
  throw new TypeError(`${path} cannot be written as YAML: its value is only known at deployment`);
}
