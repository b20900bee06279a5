import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The package's version. Sources and built files lie at different depths below the same package.json. */
export function packageVersion(): string {
  for (let at = __dirname; ; at = dirname(at)) {
    const file = join(at, "package.json");
    if (existsSync(file)) return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
    if (dirname(at) === at) throw new Error("this file is not in its package");
  }
}
