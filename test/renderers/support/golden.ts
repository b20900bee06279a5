import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { hasErrors, loadMesh, type Model } from "../../../src/model";

/** A mesh in YAML as a Model; a mistake in it fails the test with everything that was found. */
export function modelOf(text: string, file = "case.yaml"): Model {
  const { model, findings } = loadMesh(text, { file });
  if (model === undefined || hasErrors(findings)) {
    throw new Error(findings.map(({ code, path, message }) => `${code} ${path}: ${message}`).join("\n"));
  }
  return model;
}

export interface Case {
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

/** The meshes of a folder, by file name. */
export const casesIn = (folder: string): Case[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => ({
      name: basename(file, ".yaml"),
      file: join(folder, file),
      text: readFileSync(join(folder, file), "utf8"),
    }));

/** Compares with the file that a person has reviewed; UPDATE_GOLDEN=1 writes it anew. */
export function expectGolden(file: string, actual: string): void {
  if (process.env.UPDATE_GOLDEN === "1") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, actual);
  }
  if (!existsSync(file)) throw new Error(`${file} is missing: run with UPDATE_GOLDEN=1, and read what it wrote`);
  expect(actual).toBe(readFileSync(file, "utf8"));
}
