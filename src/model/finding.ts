/** What MeshUp has to say about a mesh: an error stops everything before anything is applied. */
export type Level = "error" | "warning" | "info";

/** The machine form of `meshup validate --format json`; stable (docs/cli.md). */
export interface Finding {
  /** Stable, never reused: MESH1001 and up (docs/checks). */
  readonly code: string;
  readonly level: Level;
  /** Where, relative to spec: `routes[0].http[0].backends[0].version`; empty for the whole document. */
  readonly path: string;
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

export const hasErrors = (findings: readonly Finding[]): boolean => findings.some((f) => f.level === "error");
