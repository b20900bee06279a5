import { existsSync } from "node:fs";
import { type Command, Option } from "commander";
import { backendNames } from "../../capabilities";
import {
  compare,
  comparisonHtml,
  comparisonMarkdown,
  comparisonTable,
  Decimal,
  diff,
  estimate,
  type Estimate,
  html,
  json,
  jsonDiff,
  type JsonOptions,
  markdown,
  markdownDiff,
  overBudget,
  overStackBudget,
  platformNames,
  stacksJson,
  stacksMarkdown,
  stacksTable,
  table,
  tableDiff,
} from "../../cost";
import { Problem } from "../../host";
import { type BackendName, type Finding, hasErrors } from "../../model";
import { cannotExpress, type CostOptions, estimateOptions } from "../cost-input";
import { readStacks } from "../cost-stacks";
import { findingText } from "../findings";
import { Exit, type Io, UsageError } from "../io";
import type { Register } from "../main";
import { loadFile } from "../mesh-file";

type Format = "table" | "json" | "markdown" | "html";
interface Options extends CostOptions {
  readonly backend: BackendName | "all";
  readonly format: Format;
  readonly budget?: string;
}
interface DiffOptions extends Options {
  readonly backend: BackendName;
  readonly fromBackend?: BackendName;
}
const OVER_BUDGET = 3;

export const register: Register = (program, io) => {
  const cost = program
    .command("cost")
    .description("what a mesh will cost a month, before it exists")
    .enablePositionalOptions()
    .argument("<file>", "the mesh")
    .addOption(
      new Option("-b, --backend <name>", "which backend, or all side by side")
        .choices([...backendNames, "all"])
        .default("all"),
    )
    .action((path: string, options: Options) => {
      if (options.backend === "all") return sideBySide(io, path, options);
      const result = estimate(loadFile(path).model, options.backend, estimateOptions(options));
      say(io, result.findings);
      io.out(print(result, options.format, jsonOptions(path, options)));
      hold(io, result, options.budget);
    });
  shared(cost, ["table", "json", "markdown", "html"]).addOption(budget());

  const comparing = cost
    .command("compare")
    .description("all backends side by side, with the cheapest that can express the mesh")
    .argument("<file>", "the mesh")
    .action((path: string, options: Options) => sideBySide(io, path, options));
  shared(comparing, ["table", "json", "markdown", "html"]);

  const differing = cost
    .command("diff")
    .description("what changes from one mesh to another: + added, ~ changed, - removed")
    .argument("<old>", "the mesh as it is")
    .argument("<new>", "the mesh as it will be")
    .addOption(new Option("-b, --backend <name>", "which backend").choices(backendNames).makeOptionMandatory())
    .addOption(new Option("--from-backend <name>", "the old mesh's backend; default the same").choices(backendNames))
    .action((old: string, now: string, options: DiffOptions) => {
      const read = estimateOptions(options);
      const before = estimate(loadFile(old).model, options.fromBackend ?? options.backend, read);
      const after = estimate(loadFile(now).model, options.backend, read);
      say(io, [...before.findings, ...after.findings]);
      const result = diff(before, after);
      if (options.format === "json") io.out(jsonDiff(result, jsonOptions(now, options)));
      else io.out(options.format === "markdown" ? markdownDiff(result) : tableDiff(result));
      hold(io, after, options.budget);
    });
  shared(differing, ["table", "json", "markdown"]).addOption(budget());

  cost
    .command("stack")
    .description("what Pulumi stacks cost by their last update, side by side with their total")
    .argument("<stacks...>", "names of stacks")
    .option("-C, --cwd <directory>", "the Pulumi project's directory", ".")
    .addOption(
      new Option("--format <format>", "how it is printed").choices(["table", "json", "markdown"]).default("table"),
    )
    .addOption(budget())
    .action((names: string[], options: StackOptions) => stacks(io, names, options));
};

interface StackOptions {
  readonly cwd: string;
  readonly format: "table" | "json" | "markdown";
  readonly budget?: string;
}
async function stacks(io: Io, names: readonly string[], { cwd, format, budget: limit }: StackOptions): Promise<void> {
  const amount = amountOf(limit);
  if (!existsSync(cwd)) throw new UsageError(`${cwd}: no such directory`);
  const { stacks: read, findings } = await readStacks(names, cwd);
  say(io, findings);
  io.out({ table: stacksTable, json: stacksJson, markdown: stacksMarkdown }[format](read));
  const remedy = "Raise the budget, or look for what to save: meshup cost compare FILE.";
  const meshes = read.flatMap((stack) => stack.meshes);
  const over = amount && overStackBudget(meshes, amount, { what: names.join(", "), remedy });
  if (over) exceed(io, over);
}

const budget = (): Option => new Option("--budget <amount>", "a month's limit; exit code 3 where it is exceeded");

function shared(command: Command, formats: readonly Format[]): Command {
  return command
    .option("--price-book <name|file>", "vendor (published prices), article, or a file of your own", "vendor")
    .option("--usage <name|file>", "traffic: small, medium, large, or a usage file; default: left open")
    .option("--region <name>", "default us-east-1, for Google's backends us-central1")
    .addOption(new Option("--platform <name>", "where proxies run; default eks or gke").choices(platformNames))
    .addOption(new Option("--format <format>", "how it is printed").choices(formats).default("table"))
    .option("--today <date>", "the date from which the age of prices counts; default today's");
}

function sideBySide(io: Io, path: string, options: Options): void {
  if (options.budget !== undefined) throw new UsageError("--budget needs one backend: --backend NAME");
  const { model } = loadFile(path);
  const result = compare(model, cannotExpress(model), estimateOptions(options));
  const printers = { table: comparisonTable, markdown: comparisonMarkdown, html: comparisonHtml };
  if (options.format !== "json") return io.out(printers[options.format](result));
  const estimates = result.alternatives.map((alternative) => alternative.estimate);
  io.out(json(estimates, jsonOptions(path, options)));
}

function print(result: Estimate, format: Format, options: JsonOptions): string {
  if (format === "json") return json([result], options);
  return { table, markdown, html }[format](result);
}

/** Errors end the command; the rest goes beside the output, each once. */
function say(io: Io, findings: readonly Finding[]): void {
  if (hasErrors(findings)) throw new Problem(findings);
  for (const text of new Set(findings.map(findingText))) io.err(text);
}

function hold(io: Io, result: Estimate, limit: string | undefined): void {
  const amount = amountOf(limit);
  const finding = amount && overBudget(result, amount);
  if (finding) exceed(io, finding);
}
function amountOf(limit: string | undefined): Decimal | undefined {
  if (limit === undefined) return undefined;
  const amount = Decimal.parse(limit);
  if (amount === undefined || amount.isNegative) throw new UsageError(`--budget ${limit} is not an amount; write 500`);
  return amount;
}
function exceed(io: Io, finding: Finding): never {
  io.err(findingText(finding));
  throw new Exit(OVER_BUDGET);
}

const jsonOptions = (path: string, { today }: CostOptions): JsonOptions => ({
  path,
  timeGenerated: today === undefined ? new Date().toISOString() : `${today}T00:00:00Z`,
});
