import { Command, CommanderError } from "commander";
import { Problem } from "../host/problem";
import { Exit, EXIT, type Io, processIo, UsageError } from "./io";
import { packageVersion } from "./version";

/** What a file in `commands` exports as `register`: it adds one command. */
export type Register = (program: Command, io: Io) => void;

/** Every command by its name, loaded when it is called: a command line should answer at once. */
const commands: Readonly<Record<string, () => Promise<{ readonly register: Register }>>> = {
  capabilities: () => import("./commands/capabilities.js"),
  cost: () => import("./commands/cost.js"),
  down: () => import("./commands/down.js"),
  explain: () => import("./commands/explain.js"),
  logs: () => import("./commands/logs.js"),
  policy: () => import("./commands/policy.js"),
  proxy: () => import("./commands/proxy.js"),
  render: () => import("./commands/render.js"),
  schema: () => import("./commands/schema.js"),
  status: () => import("./commands/status.js"),
  up: () => import("./commands/up.js"),
  validate: () => import("./commands/validate.js"),
};

/** The command that is called alone; all of them for help and for a name that is none; for the version none. */
function called(name: string | undefined): (() => Promise<{ readonly register: Register }>)[] {
  if (name === "-V" || name === "--version") return [];
  const own = name === undefined || !Object.hasOwn(commands, name) ? undefined : commands[name];
  return own === undefined ? Object.values(commands) : [own];
}

async function program(io: Io, name: string | undefined): Promise<Command> {
  const root = new Command("meshup")
    .description("One model of a service mesh, on this host and on every backend")
    .version(packageVersion(), "-V, --version")
    .exitOverride()
    // An option belongs to the command before it: `cost` and `cost diff` have some of the same name.
    .enablePositionalOptions()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .showHelpAfterError("(meshup help COMMAND says more)");
  for (const { register } of await Promise.all(called(name).map((load) => load()))) register(root, io);
  for (const command of root.commands) command.exitOverride().configureOutput({ writeOut: io.out, writeErr: io.err });
  return root;
}

/** Says what went wrong and gives the exit code. */
async function explain(error: unknown, io: Io, argv: readonly string[]): Promise<number> {
  if (error instanceof Exit) return error.code;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.usage;
  if (error instanceof Problem) {
    const { formatOf, report } = await import("./report.js");
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
    await (await program(io, argv[0])).parseAsync([...argv], { from: "user" });
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
