import { RE2JS } from "re2js";
import type { Context } from "./context";

/** Checks that RE2 can run it, which is what every backend uses. */
export function checkRegex(pattern: string, path: string, context: Context): void {
  try {
    RE2JS.compile(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : "not valid";
    const advanced = /\(\?(=|!|<=|<!)|\\[1-9]/.test(pattern);
    const remedy = advanced
      ? "RE2 has no look-around and no back references, so that matching takes linear time: write it without, or as several matches."
      : "See the syntax of RE2: https://github.com/google/re2/wiki/Syntax.";
    context.report("MESH0035", path, `${JSON.stringify(pattern)}: ${reason}`, remedy);
  }
}
