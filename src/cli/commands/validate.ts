import { Option } from "commander";
import { backendNames } from "../../capabilities";
import { hasErrors } from "../../model/finding";
import type { BackendName } from "../../model";
import { explainCode } from "../explain";
import { forBackend } from "../for-backend";
import { type ReportFormat, reportFormats, summary } from "../format";
import { EXIT, Exit, UsageError } from "../io";
import type { Register } from "../main";
import { checkFile } from "../mesh-file";
import { report } from "../report";

interface Options {
  readonly format: ReportFormat;
  readonly backend?: BackendName;
  readonly explain?: string;
}

export const register: Register = (program, io) => {
  program
    .command("validate")
    .description("say everything that is wrong with a mesh; exit 0 clean, 1 errors, 2 usage")
    .argument("[file]", "the mesh")
    .addOption(new Option("--format <format>", "how findings are printed").choices([...reportFormats]).default("text"))
    .addOption(new Option("-b, --backend <name>", "also what this backend cannot do").choices(backendNames))
    .option("--explain <code>", "say what a code means, with an example, instead")
    .action((path: string | undefined, options: Options) => {
      if (options.explain !== undefined) return io.out(explainCode(options.explain));
      if (path === undefined) throw new UsageError("missing the mesh's file: meshup validate FILE");
      const file = checkFile(path);
      const findings = options.backend ? forBackend(file, options.backend).findings : file.findings;
      report(io, findings, options.format);
      if (options.format === "text")
        io.err(`${path}: ${hasErrors(findings) ? "" : "no errors; "}${summary(findings)}\n`);
      if (hasErrors(findings)) throw new Exit(EXIT.errors);
    });
};
