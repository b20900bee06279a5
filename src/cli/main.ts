import { Command, CommanderError, Option } from "commander";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../host";
import { type ReportFormat, reportFormats } from "./format";
import { Exit, EXIT, type Io, processIo, UsageError } from "./io";
import { formatOf, report } from "./report";
import { packageVersion } from "./version";

/** What a file in `commands` exports as `register`: it adds one command. */
export type Register = (program: Command, io: Io) => void;

/** Every file in `commands` is a command. */
function commands(): Register[] {
  const directory = join(__dirname, "commands");
  return readdirSync(directory)
    .filter((file) => /\.(js|ts)$/.test(file) && !file.endsWith(".d.ts"))
    .sort()
    .map((file) => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      return (require(join(directory, file)) as { register: Register }).register;
    });
}

export const formatOption = (): Option =>
  new Option("--format <format>", "how findings are printed").choices([...reportFormats]).default("text");

function program(io: Io): Command {
  const root = new Command("meshup")
    .description("One model of a service mesh, on this host and on every backend")
    .version(packageVersion(), "-V, --version")
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .showHelpAfterError("(meshup help COMMAND says more)");
  for (const register of commands()) register(root, io);
  for (const command of root.commands) command.exitOverride().configureOutput({ writeOut: io.out, writeErr: io.err });
  return root;
}

/** Says what went wrong and gives the exit code. */
function explain(error: unknown, io: Io, format: ReportFormat): number {
  if (error instanceof Exit) return error.code;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.usage;
  if (error instanceof Problem) {
    report(io, error.findings, format);
    return EXIT.errors;
  }
  if (error instanceof UsageError) {
    io.err(`error: ${error.message}\n`);
    return EXIT.usage;
  }
  io.err(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  if (process.env.MESHUP_DEBUG !== undefined && error instanceof Error) io.err(`${error.stack}\n`);
  return EXIT.errors;
}

/** Runs one command; gives its exit code. */
export async function execute(argv: readonly string[], io: Io = processIo): Promise<number> {
  try {
    await program(io).parseAsync([...argv], { from: "user" });
    return EXIT.clean;
  } catch (error) {
    return explain(error, io, formatOf(argv));
  }
}

/** The `meshup` command. */
export async function main(argv: readonly string[]): Promise<void> {
  // A reader that has seen enough (`meshup … | head`) is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  process.exitCode = await execute(argv);
}
