import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { hasErrors, type Finding } from "../model/finding";
import { loadMesh, MAX_TEXT, type Model } from "../model";
import { Problem } from "../host";
import { UsageError } from "./io";

export const DEFAULT_FILE = "mesh.yaml";

export interface MeshFile {
  readonly model: Model;
  /** Those that are no errors. */
  readonly findings: readonly Finding[];
  readonly locate: (finding: Finding) => Finding;
  /** What was written, as one document: what a supervisor is sent. */
  readonly document: unknown;
  /** The file's directory. */
  readonly base: string;
}

/** Reads at most one byte more than a mesh may have, so that a huge file is refused without being read. */
function readText(file: string): string {
  if (!existsSync(file)) throw new UsageError(`${file}: no such file`);
  const descriptor = openSync(file, "r");
  try {
    if (fstatSync(descriptor).isDirectory()) throw new UsageError(`${file} is a directory`);
    const buffer = Buffer.alloc(Math.min(fstatSync(descriptor).size, MAX_TEXT + 1) || MAX_TEXT + 1);
    let size = 0;
    for (;;) {
      const read = readSync(descriptor, buffer, size, buffer.length - size, null);
      size += read;
      if (read === 0 || size === buffer.length) return buffer.toString("utf8", 0, size);
    }
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Loads a mesh file.
 * @throws UsageError where there is none, Problem where it has errors.
 */
export function loadFile(file: string): MeshFile {
  const { model, findings, locate } = loadMesh(readText(file), { file });
  if (model === undefined || hasErrors(findings)) throw new Problem(findings);
  return { model, findings, locate, document: model.source, base: dirname(resolve(file)) };
}
