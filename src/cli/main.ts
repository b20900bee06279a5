import { Command, CommanderError } from "commander";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, parse } from "node:path";
import { Problem } from "../host/problem";
import { Exit, EXIT, type Io, processIo, UsageError } from "./io";
import type * as Report from "./report";
import { packageVersion } from "./version";

/** What a file in `commands` exports as `register`: it adds one command. */
export type Register = (program: Command, io: Io) => void;

/** Loads what only some commands need when they need it: a command line should answer at once. */
const load = createRequire(__filename);

/** Every file in `commands` is the command of its name. The one that is called is loaded alone, for help all are. */
function commands(called: string | undefined): Register[] {
  const directory = join(__dirname, "commands");
  const files = readdirSync(directory).filter((file) => /\.(js|ts)$/.test(file) && !file.endsWith(".d.ts"));
  const own = files.filter((file) => parse(file).name === called);
  return (own.length > 0 ? own : files.sort()).map(
    (file) => (load(join(directory, file)) as { readonly register: Register }).register,
  );
}

function program(io: Io, called: string | undefined): Command {
  const root = new Command("meshup")
    .description("One model of a service mesh, on this host and on every backend")
    .version(packageVersion(), "-V, --version")
    .exitOverride()
    // An option belongs to the command before it: `cost` and `cost diff` have some of the same name.
    .enablePositionalOptions()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .showHelpAfterError("(meshup help COMMAND says more)");
  for (const register of commands(called)) register(root, io);
  for (const command of root.commands) command.exitOverride().configureOutput({ writeOut: io.out, writeErr: io.err });
  return root;
}

/** Says what went wrong and gives the exit code. */
function explain(error: unknown, io: Io, argv: readonly string[]): number {
  if (error instanceof Exit) return error.code;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.usage;
  if (error instanceof Problem) {
    const { formatOf, report } = load("./report") as typeof Report;
    report(io, error.findings, formatOf(argv));
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
    await program(io, argv[0]).parseAsync([...argv], { from: "user" });
    return EXIT.clean;
  } catch (error) {
    return explain(error, io, argv);
  }
}

/** The `meshup` command. */
export async function main(argv: readonly string[]): Promise<void> {
  // A reader that has seen enough (`meshup … | head`) is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  process.exitCode = await execute(argv);
}
