import { Option } from "commander";
import { backendNames, compare, renderComparison, renderMatrix, type TableFormat } from "../../capabilities";
import type { BackendName } from "../../model";
import { UsageError } from "../io";
import type { Register } from "../main";
import { loadFile } from "../mesh-file";

interface Options {
  readonly backend?: BackendName;
  readonly from?: BackendName;
  readonly to?: BackendName;
  readonly format: TableFormat;
}

const backend = (flags: string, description: string) => new Option(flags, description).choices(backendNames);

export const register: Register = (program, io) => {
  program
    .command("capabilities")
    .description("what each backend can do; with a file, what that mesh uses of it")
    .argument("[file]", "a mesh")
    .addOption(backend("-b, --backend <name>", "only this backend, with reasons"))
    .addOption(backend("--from <name>", "with --to: what the mesh loses by moving from this backend"))
    .addOption(backend("--to <name>", "to this one"))
    .addOption(
      new Option("--format <format>", "how it is printed").choices(["table", "json", "markdown"]).default("table"),
    )
    .action((path: string | undefined, { from, to, backend, format }: Options) => {
      const model = path === undefined ? undefined : loadFile(path).model;
      if (from === undefined && to === undefined)
        return io.out(renderMatrix(format, { model, ...(backend ? { backends: [backend] } : {}) }));
      if (from === undefined || to === undefined) throw new UsageError("--from and --to go together");
      if (model === undefined)
        throw new UsageError("name the mesh that moves: meshup capabilities FILE --from A --to B");
      io.out(renderComparison(compare(model, from, to), from, to, format));
    });
};
