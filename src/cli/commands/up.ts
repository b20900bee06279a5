import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { hasErrors } from "../../model/finding";
import type { Register } from "../main";
import { type Connection, connect, Interrupted, Problem, run, upDetached } from "../../host";
import { findingText } from "../findings";
import { forBackend } from "../for-backend";
import { type HostCost, hostCost } from "../host-cost";
import { EXIT, Exit, type Io, UsageError } from "../io";
import { DEFAULT_FILE, loadFile, type MeshFile } from "../mesh-file";
import { summary } from "../summary";

interface Options {
  readonly detach?: boolean;
  readonly stack?: string;
  readonly yes?: boolean;
  readonly usage?: string;
  readonly priceBook?: string;
}

/** Findings made from the model get their place in the file. */
async function located<T>(file: MeshFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Problem ? new Problem(error.findings.map(file.locate)) : error;
  }
}

async function summarize(
  file: MeshFile,
  connection: Pick<Connection, "status">,
  cost: HostCost,
  io: Io,
): Promise<void> {
  const status = await connection.status();
  if (status !== undefined) io.out(summary(file.model, status));
  io.err(`${cost.line}\n`);
  cost.keep();
}

async function foreground(file: MeshFile, cost: HostCost, io: Io): Promise<void> {
  const progress = (line: string): void => io.err(`${line}\n`);
  const running = await run(file.model.name, { progress });
  try {
    await located(file, () => running.supervisor.apply(file.model, file.base));
  } catch (error) {
    await running.stop();
    if (!(error instanceof Interrupted)) throw error;
    io.err("ended before it was up\n");
    throw new Exit(EXIT.errors);
  }
  await summarize(file, running.supervisor, cost, io);
  io.out("\nCtrl-C ends it.\n");
  await running.ended;
  io.err("all ended\n");
}

async function live(file: MeshFile, connection: Connection, cost: HostCost, io: Io): Promise<void> {
  const progress = (line: string): void => io.err(`${line}\n`);
  const changes = await located(file, () => connection.apply(file.document, file.base, progress));
  const said = [
    ...(changes.started.length > 0 ? [`started ${changes.started.join(", ")}`] : []),
    ...(changes.stopped.length > 0 ? [`stopped ${changes.stopped.join(", ")}`] : []),
    ...(changes.reconfigured.length > 0 ? [`reconfigured ${changes.reconfigured.join(", ")}`] : []),
  ];
  io.err(`${said.length > 0 ? said.join("; ") : "nothing to change"}\n`);
  await summarize(file, connection, cost, io);
}

/** The program of a stack, through the Pulumi engine or in process. */
async function stack(name: string, rest: readonly string[]): Promise<void> {
  const entry = join(__dirname, "..", "..", "..", "components", "local", "main.js");
  if (!existsSync(entry))
    throw new UsageError("this build of meshup runs no stacks; npm run build makes one that does");
  const child = spawn(process.execPath, [entry, "up", "--stack", name, ...rest], { stdio: "inherit" });
  const ignore = (): void => undefined;
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, ignore);
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (exit) => resolve(exit ?? EXIT.errors));
  });
  if (code !== 0) throw new Exit(code);
}

export const register: Register = (program, io) => {
  program
    .command("up")
    .description("run a mesh on this host, or change the one that runs")
    .argument("[file]", "the mesh", DEFAULT_FILE)
    .option("-d, --detach", "go on in the background")
    .option("-s, --stack <name>", "run the Pulumi stack of this project instead of a file")
    .option("-y, --yes", "make a stack's changes without asking")
    .option("--usage <name|file>", "traffic that the mesh's cost is estimated with, as for `meshup cost`")
    .option("--price-book <name|file>", "prices of your own machines, as for `meshup cost`")
    .action(async (path: string, options: Options, command: { args: string[] }) => {
      if (options.stack !== undefined) {
        if (command.args.length > 0) throw new UsageError("--stack and a file do not go together");
        const flags = (["detach", "yes"] as const).filter((flag) => options[flag] === true);
        return stack(
          options.stack,
          flags.map((flag) => `--${flag}`),
        );
      }
      const file = loadFile(path);
      const { findings } = forBackend(file, "proxy");
      if (hasErrors(findings)) throw new Problem(findings);
      for (const finding of findings.filter((f) => f.level !== "info")) io.err(findingText(finding));
      const cost = hostCost(file.model, options);
      const running = await connect(file.model.name);
      if (running !== undefined) return live(file, running, cost, io);
      if (options.detach !== true) return foreground(file, cost, io);
      const progress = (line: string): void => io.err(`${line}\n`);
      await summarize(
        file,
        await located(file, () => upDetached(file.model.name, file.document, file.base, progress)),
        cost,
        io,
      );
    });
};
