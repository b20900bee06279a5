import type { Finding } from "../src/model/finding";
import type { Entry } from "./board";
import { kindNames, pathOf } from "./pieces";

/** A finding, with the piece it is about and where in that piece. */
export interface Located {
  readonly finding: Finding;
  readonly entry?: Entry;
  /** Relative to the piece, or to the mesh where it is about no piece. */
  readonly path: string;
}

/** Finds the piece that `routes[2].http[0]` is about. */
export function locate(finding: Finding, entries: readonly Entry[]): Located {
  for (const kind of kindNames) {
    const index = entries
      .filter((entry) => entry.kind === kind)
      .findIndex((_, at) => finding.path === pathOf(kind, at) || startsWithStep(finding.path, pathOf(kind, at)));
    if (index < 0) continue;
    const entry = entries.filter((other) => other.kind === kind)[index];
    return { finding, entry, path: finding.path.slice(pathOf(kind, index).length).replace(/^\./, "") };
  }
  return { finding, path: finding.path };
}

const startsWithStep = (path: string, start: string): boolean =>
  path.startsWith(start) && (path[start.length] === "." || path[start.length] === "[");

/** `mesh.yaml:12:7 routes[0].http[0]: …` where the file is known, else the piece and the path in it. */
export function describe({ finding, entry, path }: Located): string {
  const { file, line, column, code, message, remedy } = finding;
  const name = (entry?.data as { readonly name?: unknown } | undefined)?.name;
  const piece = entry === undefined ? path : [`${entry.kind} ${String(name)}`, path].filter(Boolean).join(" ");
  const place = file === undefined ? piece : [`${file}:${line}:${column}`, finding.path].filter(Boolean).join(" ");
  return `${code} ${place === "" ? "" : `${place}: `}${message}. ${remedy}`.replace(/\.\. /, ". ").trim();
}
