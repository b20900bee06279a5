import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { load, YAMLException } from "js-yaml";
import { type Levels, readSettings } from "../src/checks";
import type { Finding } from "../src/model";

/** The project's levels of checks, and what is wrong with the file that sets them. */
export interface ProjectLevels {
  readonly levels: Levels;
  readonly findings: readonly Finding[];
}

/** The checks' levels as `.meshuprc.yaml` in `directory`, or the nearest above it, sets them; none where there is none. */
export function levelsFor(directory: string): ProjectLevels {
  for (let at = directory; ; at = dirname(at)) {
    const file = join(at, ".meshuprc.yaml");
    if (existsSync(file)) return read(file);
    if (dirname(at) === at) return { levels: {}, findings: [] };
  }
}

function read(file: string): ProjectLevels {
  try {
    const { levels, findings } = readSettings(load(readFileSync(file, "utf8")));
    return { levels, findings: findings.map((finding) => ({ ...finding, message: `${file}: ${finding.message}` })) };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const message = `${file}: ${error.message.split("\n")[0]}`;
    return {
      levels: {},
      findings: [{ code: "MESH1903", level: "error", path: "", message, remedy: "Mend the YAML." }],
    };
  }
}
