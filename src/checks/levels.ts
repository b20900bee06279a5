import type { Finding, Level } from "../model/finding";
import type { Check } from "./check";
import { checkByName } from "./table";

/** A rule's code or name to the level that the project wants. */
export type Levels = Readonly<Record<string, Level | "off">>;

export const levelOf = (check: Check, levels: Levels = {}): Level | "off" =>
  levels[check.code] ?? levels[check.name] ?? check.level;

const words = new Set<unknown>(["error", "warning", "info", "off"]);
const isLevel = (value: unknown): value is Level | "off" => words.has(value);

/**
 * Reads the contents of `.meshuprc.yaml`: `checks: { MESH1012: off, single-replica: error }`. What is wrong with it
 * is reported, and the rest counts.
 */
export function readSettings(document: unknown): { readonly levels: Levels; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const report = (path: string, message: string, remedy: string) =>
    findings.push({ code: "MESH1903", level: "error", path, message, remedy });
  const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const levels: Record<string, Level | "off"> = {};
  if (document === undefined || document === null) return { levels, findings };
  if (!isRecord(document)) {
    report("", "The settings are not an object", "Write checks: { CODE: error | warning | info | off }.");
    return { levels, findings };
  }
  for (const key of Object.keys(document))
    if (key !== "checks") report(key, `Unknown key ${key}`, "Only checks is known: checks: { CODE: LEVEL }.");
  const wanted = document.checks ?? {};
  if (!isRecord(wanted)) report("checks", "checks is not an object", "Write checks: { CODE: LEVEL }.");
  else
    for (const [name, level] of Object.entries(wanted)) {
      const check = checkByName(name);
      if (!check) report(`checks.${name}`, `No check is called ${name}`, "`meshup explain` lists codes and names.");
      // YAML 1.1 reads a bare `off` as false.
      else if (isLevel(level) || level === false)
        levels[check.code] = level === false ? "off" : (level as Level | "off");
      else report(`checks.${name}`, `${String(level)} is no level`, "Levels are error, warning, info and off.");
    }
  return { levels, findings };
}
