import { isNode, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import type { Finding } from "../model/finding";
import { costFinding, type Place } from "./codes";

/** A YAML text read against a schema, that still knows which line each value came from. */
export interface Source<T> {
  readonly value?: T;
  readonly findings: readonly Finding[];
  /** Where the value at this path is written; of a missing key, where its parent is. */
  readonly place: (path: readonly PropertyKey[]) => Place;
}

export const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : `${text}${text === "" ? "" : "."}${String(key)}`),
    "",
  );

export function readDocument<T>(text: string, schema: z.ZodType<T>, file?: string): Source<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const place = (path: readonly PropertyKey[]): Place => {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return at(node.range[0]);
    }
    return { file, line: 1, column: 1 };
  };
  if (document.errors.length > 0)
    return {
      findings: document.errors.map((error) =>
        costFinding("MESH5001", "", (error.message.split("\n")[0] ?? "").trim(), "Correct the YAML.", at(error.pos[0])),
      ),
      place,
    };
  const result = schema.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (result.success) return { value: result.data, findings: [], place };
  const findings = result.error.issues.map((issue) => {
    const path = issue.code === "unrecognized_keys" ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
    return costFinding("MESH5002", pathText(path), issue.message, "docs/cost.md lists the keys.", place(path));
  });
  return { findings, place };
}
