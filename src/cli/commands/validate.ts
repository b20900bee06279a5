import { hasErrors } from "../../model/finding";
import { type Format, report } from "../findings";
import { EXIT, Exit } from "../io";
import { formatOption, type Register } from "../main";
import { loadFile } from "../mesh-file";

export const register: Register = (program, io) => {
  program
    .command("validate")
    .description("say everything that is wrong with a mesh; exit 0 clean, 1 errors, 2 usage")
    .argument("<file>", "the mesh")
    .addOption(formatOption())
    .action((path: string, options: { readonly format: Format }) => {
      const { findings } = loadFile(path);
      report(io, findings, options.format);
      if (hasErrors(findings)) throw new Exit(EXIT.errors);
      if (options.format === "text") io.err(`${path}: no errors\n`);
    });
};
