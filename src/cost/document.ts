import type { z } from "zod";
import type { Finding } from "../model/finding";
import { formatPath, type Segment } from "../model/path";
import { readYaml } from "../model/yaml";
import { costFinding, type Place } from "./codes";

/** A YAML text read against a schema, that still knows which line each value came from. */
export interface Source<T> {
  readonly value?: T;
  readonly findings: readonly Finding[];
  /** Where the value at this path is written; of a missing key, where its parent is. */
  readonly place: (path: readonly PropertyKey[]) => Place;
}

const segments = (path: readonly PropertyKey[]): Segment[] =>
  path.map((key) => (typeof key === "number" ? key : String(key)));
export const pathText = (path: readonly PropertyKey[]): string => formatPath(segments(path));

export function readDocument<T>(text: string, schema: z.ZodType<T>, file?: string): Source<T> {
  const yaml = readYaml(text);
  const place = (path: readonly PropertyKey[]): Place => ({
    file,
    ...(yaml.locate(0, segments(path)) ?? { line: 1, column: 1 }),
  });
  if (yaml.findings.length > 0)
    return {
      findings: yaml.findings.map(({ path, message, remedy, line = 1, column = 1 }) =>
        costFinding("MESH5001", path, message, remedy, { file, line, column }),
      ),
      place,
    };
  const result = schema.safeParse(yaml.documents[0] ?? null);
  if (result.success) return { value: result.data, findings: [], place };
  const findings = result.error.issues.map((issue) => {
    const path = issue.code === "unrecognized_keys" ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
    return costFinding("MESH5002", pathText(path), issue.message, "docs/cost.md lists the keys.", place(path));
  });
  return { findings, place };
}
