import { Option } from "commander";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../../host/problem";
import { hasErrors } from "../../model/finding";
import type { BackendName } from "../../model";
import { RENDERERS } from "../../renderers";
import { findingText } from "../findings";
import { forBackend } from "../for-backend";
import type { Register } from "../main";
import { loadFile } from "../mesh-file";
import { type OutputFormat, planFiles, planText } from "../plan-output";

interface Options {
  readonly backend: BackendName;
  readonly out?: string;
  readonly format: OutputFormat;
  readonly acceptLosses?: boolean;
}

export const register: Register = (program, io) => {
  program
    .command("render")
    .description("write a mesh as a backend's own configuration; nothing is written if the backend cannot say it all")
    .argument("<file>", "the mesh")
    .addOption(
      new Option("-b, --backend <name>", "which backend").choices(Object.keys(RENDERERS)).makeOptionMandatory(),
    )
    .option("-o, --out <directory>", "one file a resource there, instead of all on standard output")
    .addOption(new Option("--format <format>", "yaml or json").choices(["yaml", "json"]).default("yaml"))
    .option("--accept-losses", "write it although the backend cannot say it all; for a look around")
    .action((path: string, options: Options) => {
      const file = loadFile(path);
      const { plan, findings } = forBackend(file, options.backend, options.acceptLosses);
      if (hasErrors(findings)) throw new Problem(findings);
      if (plan === undefined) return;
      for (const finding of findings) io.err(findingText(finding));
      if (options.out === undefined) return io.out(planText(plan, options.format));
      mkdirSync(options.out, { recursive: true });
      const files = planFiles(plan, options.format);
      for (const { name, text } of files) writeFileSync(join(options.out, name), text);
      io.err(`${files.length} files in ${options.out}\n`);
    });
};
