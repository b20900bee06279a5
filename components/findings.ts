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

/** Finds the pieces that findings are about, by where they stand: `routes[2].http[0]` is the third route's. */
export function locator(entries: readonly Entry[]): (finding: Finding) => Located {
  const places = new Map<string, Entry>();
  for (const kind of kindNames)
    entries.filter((entry) => entry.kind === kind).forEach((entry, index) => places.set(pathOf(kind, index), entry));
  return (finding) => {
    const [place = ""] = piecePath.exec(finding.path) ?? [];
    const entry = places.get(place);
    if (entry === undefined) return { finding, path: finding.path };
    return { finding, entry, path: finding.path.slice(place.length).replace(/^\./, "") };
  };
}

/** `policies.mtls[0]` and `services[12]` at the start of a path. */
const piecePath = /^(?:policies\.)?\w+\[\d+\](?=[.[]|$)/;

/** `mesh.yaml:12:7 routes[0].http[0]: …` where the file is known, else the piece and the path in it. */
export function describe({ finding, entry, path }: Located): string {
  const { file, line, column, code, message, remedy } = finding;
  const name = (entry?.data as { readonly name?: unknown } | undefined)?.name;
  const piece = entry === undefined ? path : [`${entry.kind} ${String(name)}`, path].filter(Boolean).join(" ");
  const place = file === undefined ? piece : [`${file}:${line}:${column}`, finding.path].filter(Boolean).join(" ");
  return `${code} ${place === "" ? "" : `${place}: `}${message}. ${remedy}`.replace(/\.\. /, ". ").trim();
}
