import type { Model } from "./model";
import { parsePath, valueAt } from "./path";

/**
 * Did the user write the field at this path (relative to spec, as in findings), or is its value a default of ours?
 * What shorthands stand for counts as not written: `wrote(model, "routes[0].parents")` is false beside `service`.
 */
export const wrote = (model: Model, path: string): boolean =>
  valueAt(model.source, ["spec", ...parsePath(path)]) !== undefined;
