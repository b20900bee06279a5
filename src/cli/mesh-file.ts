import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { applyIgnores, type Levels, readSettings, runChecks } from "../checks";
import { hasErrors, type Finding } from "../model/finding";
import { loadMesh, MAX_TEXT, type Model } from "../model";
import { parse } from "yaml";
import { Problem } from "../host/problem";
import { UsageError } from "./io";

export const DEFAULT_FILE = "mesh.yaml";
const SETTINGS_FILE = ".meshuprc.yaml";

export interface MeshFile {
  readonly model: Model;
  /** What its checks have to say. */
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

function settingsOf(file: string): ReturnType<typeof readSettings> {
  let document: unknown;
  try {
    document = parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { levels, findings } = readSettings(document);
  return { levels, findings: findings.map((found) => ({ ...found, file })) };
}

/** The checks' levels as the project sets them, in `.meshuprc.yaml` beside the mesh or above it. */
function levelsFor(base: string): { readonly levels?: Levels; readonly findings: readonly Finding[] } {
  for (let at = base; ; at = dirname(at)) {
    const file = join(at, SETTINGS_FILE);
    if (existsSync(file)) return settingsOf(file);
    if (dirname(at) === at) return { findings: [] };
  }
}

/**
 * Loads a mesh file to go on with.
 * @throws UsageError where there is none, Problem where it has errors.
 */
export function loadFile(file: string): MeshFile {
  const checked = checkFile(file);
  if (hasErrors(checked.findings)) throw new Problem(checked.findings);
  return checked;
}

/**
 * Loads a mesh file and checks it; what the checks find may be errors.
 * @throws UsageError where there is none, Problem where it is no mesh.
 */
export function checkFile(file: string): MeshFile {
  const text = readText(file);
  const base = dirname(resolve(file));
  const { model, findings, locate } = loadMesh(text, { file });
  if (model === undefined || hasErrors(findings)) throw new Problem(findings);
  const settings = levelsFor(base);
  const checked = runChecks(model, { levels: settings.levels }).map(locate);
  const all = [...settings.findings, ...applyIgnores(text, [...findings, ...checked], file)];
  return { model, findings: all, locate, document: model.source, base };
}
