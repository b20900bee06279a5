import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import {
  bookNames,
  bundledBook,
  loadBook,
  loadUsage,
  presetNames,
  presetText,
  type PriceBook,
  type Usage,
} from "../cost";
import { Problem } from "../host/problem";
import { UsageError } from "./io";

/**
 * The price book of a name, or of a file relative to `directory`.
 * @throws UsageError where there is none, Problem where it has errors.
 */
export function readBook(named: string, directory = ""): PriceBook {
  if (bookNames.includes(named)) return bundledBook(named);
  const file = at(directory, named);
  const { book, findings } = loadBook(readFile(file, "price book", bookNames), {
    file,
    resolve: (name) => {
      const base = join(dirname(file), name);
      return existsSync(base) ? readFileSync(base, "utf8") : undefined;
    },
  });
  if (book === undefined) throw new Problem(findings);
  return book;
}

/**
 * The usage of a preset's name, or of a file relative to `directory`.
 * @throws UsageError where there is none, Problem where it has errors.
 */
export function readUsage(named: string, directory = ""): Usage {
  const preset = presetText(named);
  const file = preset === undefined ? at(directory, named) : named;
  const { usage, findings } = loadUsage(preset ?? readFile(file, "usage file", presetNames), { file });
  if (usage === undefined) throw new Problem(findings);
  return usage;
}

const at = (directory: string, file: string): string =>
  directory === "" || isAbsolute(file) ? file : join(directory, file);

function readFile(file: string, what: string, bundled: readonly string[]): string {
  if (existsSync(file)) return readFileSync(file, "utf8");
  throw new UsageError(`${file}: no such ${what}; bundled are ${bundled.join(", ")}`);
}
