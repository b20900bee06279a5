import { readFileSync } from "node:fs";
import { Option } from "commander";
import { parse } from "yaml";
import { configOf, type PackConfig } from "../../../policy/config";
import { evaluate, policyPage, type Violation } from "../../../policy/evaluate";
import { policyTable } from "../../../policy/pages";
import { type PresetName, presetNames } from "../../../policy/rule";
import { rules, ruleByName } from "../../../policy/rules";
import { type Estate, estateOfModel, readings, reading } from "../../facts";
import { hasErrors, type Finding, type Level } from "../../model/finding";
import { type ReportFormat, reportFormats, summary } from "../format";
import { EXIT, Exit, UsageError } from "../io";
import type { Register } from "../main";
import { readManifests } from "../manifests";
import { loadFile } from "../mesh-file";
import { report } from "../report";

interface CheckOptions {
  readonly format: ReportFormat;
  readonly preset: PresetName;
  readonly config?: string;
  readonly today?: string;
}

export const register: Register = (program, io) => {
  const policy = program.command("policy").description("the policy pack's rules, without Pulumi");
  policy
    .command("check")
    .description(
      "hold manifests, a Pulumi YAML program or a mesh file to the policies; exit 0 clean, 1 errors, 2 usage",
    )
    .argument("<path>", "a file, or a directory with YAML and JSON files")
    .addOption(new Option("--format <format>", "how findings are printed").choices([...reportFormats]).default("text"))
    .addOption(new Option("--preset <preset>", "how much is asked").choices([...presetNames]).default("baseline"))
    .option("--config <file>", "levels, exemptions and settings, as for pulumi's --policy-pack-config")
    .option("--today <date>", "the date from which exemptions have ended; default today's")
    .action((path: string, options: CheckOptions) => {
      const findings = check(path, options);
      report(io, findings, options.format);
      if (options.format === "text") io.err(`${path}: ${summary(findings)}\n`);
      if (hasErrors(findings)) throw new Exit(EXIT.errors);
    });
  policy
    .command("list")
    .description("every policy, with its levels")
    .addOption(
      new Option("--format <format>", "how it is printed").choices(["text", "json", "markdown"]).default("text"),
    )
    .action(({ format }: { readonly format: "text" | "json" | "markdown" }) => io.out(policyTable(format)));
};

function check(path: string, options: CheckOptions): readonly Finding[] {
  const { given, meshFiles, findings, locate } = readManifests(path);
  const today = options.today ?? new Date().toISOString().slice(0, 10);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(today)) throw new UsageError(`--today ${today} is no date; write 2026-11-24`);
  if (given.length === 0 && meshFiles.length === 0 && findings.length === 0)
    throw new UsageError(`${path} holds no manifests, Pulumi YAML program or mesh file`);
  const pack = configFrom(options.config);
  const all: Finding[] = [...findings, ...unknownPolicies(pack, options.config)];
  const judge = (estates: readonly Estate[], place: (found: Violation) => Partial<Finding>): void => {
    for (const rule of rules) {
      const config = configOf(rule, pack, options.preset);
      const level: Level = config.level === "mandatory" ? "error" : "warning";
      for (const found of evaluate(rule, estates, config, today))
        all.push({ ...asFinding(found, level), ...place(found) });
    }
  };
  if (given.length > 0) judge(readings(given), ({ resource, field }) => locate(resource, field));
  for (const file of meshFiles) {
    const mesh = loadFile(file);
    judge([estateOfModel(mesh.model)], (found) => {
      const { line, column } = mesh.locate({ ...asFinding(found, "info"), path: found.field });
      return { file, line, column };
    });
  }
  for (const rule of rules)
    for (const problem of configOf(rule, pack, options.preset).problems)
      all.push(badConfig(options.config, `${rule.name}: ${problem}`));
  return all;
}

function asFinding(
  { code, resource, field, message, found, wanted, remedy, expired, rule }: Violation,
  level: Level,
): Finding {
  const why = expired === undefined ? "" : ` Not exempt: ${expired}.`;
  return {
    code,
    level,
    path: [resource, field].filter((part) => part !== "").join("#"),
    message: `${message}. Found: ${found}. Wanted: ${wanted}.${why}`,
    remedy: `${remedy} See ${policyPage(rule)}.`,
  };
}

const badConfig = (file: string | undefined, message: string): Finding => ({
  code: "MESH6901",
  level: "error",
  path: "",
  message,
  remedy: "Correct the configuration: `meshup policy list` names the policies, their pages the settings.",
  file,
});
const unknownPolicies = (pack: PackConfig, file: string | undefined): Finding[] =>
  Object.keys(pack)
    .filter((name) => name !== "all" && !ruleByName(name) && !remediating.has(name))
    .map((name) => badConfig(file, `No policy is called ${name}`));
/** A file for the pack may switch these on; there is nothing to mend in plain files. */
const remediating = new Set(["add-injection-label", "write-tls-mode", "add-outlier-detection"]);

function configFrom(file: string | undefined): PackConfig {
  if (file === undefined) return {};
  try {
    return reading.fields(parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)}`);
  }
}
