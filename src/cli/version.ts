import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The package's version. Sources and built files lie at different depths below the same package.json. */
export function packageVersion(): string {
  let at = __dirname;
  while (!existsSync(join(at, "package.json"))) at = dirname(at);
  return (JSON.parse(readFileSync(join(at, "package.json"), "utf8")) as { version: string }).version;
}
