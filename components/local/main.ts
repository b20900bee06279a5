import { parseArgs } from "node:util";
import { findingText } from "../../src/cli/findings";
import { hostCost, type HostCostOptions } from "../../src/cli/host-cost";
import { summary } from "../../src/cli/summary";
import { connect, Interrupted, Problem, run, type Status, upDetached } from "../../src/host";
import { fromObject, hasErrors } from "../../src/model";
import type { HostMeshInputs } from "../resources/host-mesh";
import { findPulumi, pulumiUp } from "./engine";
import { evaluate } from "./evaluate";
import { readProject, type StackProject } from "./project";

/**
 * `meshup up --stack NAME [--detach] [--yes]`, run as a child by the command, which may not import Pulumi itself. With the
 * `pulumi` command present the stack goes through it; without it the same program is evaluated here, and its meshes on
 * this host are brought up: held by this process, or in the background where one runs already or `--detach` says so.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    allowPositionals: true,
    options: {
      stack: { type: "string", default: "" },
      detach: { type: "boolean", default: false },
      yes: { type: "boolean", default: false },
    },
  });
  const project = readProject(process.cwd(), values.stack);
  const pulumi = findPulumi();
  if (pulumi !== undefined) return pulumiUp({ pulumi, stack: project.stack, cwd: project.root, yes: values.yes });
  process.env.PULUMI_NODEJS_ROOT_DIRECTORY = project.root;
  const meshes = await evaluate(project);
  if (meshes.length === 0) say(`stack ${project.stack} has no mesh on this host`);
  const held: Held[] = [];
  try {
    for (const mesh of meshes) held.push(...(await bringUp(mesh, values.detach, costOptions(project))));
  } catch (error) {
    await Promise.all(held.map(({ stop }) => stop()));
    throw error;
  }
  if (held.length > 0) process.stdout.write("\nCtrl-C ends it.\n");
  await Promise.all(held.map(({ ended }) => ended));
  return 0;
}

/** A mesh whose supervisor is this process. */
interface Held {
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** The settings that a Mesh reads of the stack's config, for the line that the engine would show. */
const costOptions = ({ config, root }: StackProject): HostCostOptions => ({
  usage: config["meshup:usage"],
  priceBook: config["meshup:priceBook"],
  directory: root,
});

async function bringUp(mesh: HostMeshInputs, detach: boolean, options: HostCostOptions): Promise<Held[]> {
  const { name, document, directory } = mesh;
  const { model, findings } = fromObject(document);
  if (model === undefined || hasErrors(findings)) throw new Problem(findings);
  const cost = hostCost(model, options);
  const show = (status: Status | undefined): void => {
    if (status !== undefined) process.stdout.write(summary(model, status));
    say(cost.line);
    cost.keep();
  };
  const running = await connect(name);
  if (running !== undefined) {
    await running.apply(document, directory, say);
    show(await running.status());
    return [];
  }
  if (detach) {
    show(await (await upDetached(name, document, directory, say)).status());
    return [];
  }
  const held = await run(name, { progress: say });
  try {
    await held.supervisor.apply(model, directory);
  } catch (error) {
    await held.stop();
    throw error;
  }
  show(await held.supervisor.status());
  return [held];
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** A user's mistake is told by its message; anything else is a fault, whose stack helps to mend it. */
function textOf(error: unknown): string {
  if (error instanceof Problem) return error.findings.map(findingText).join("");
  if (error instanceof Interrupted) return "ended before it was up\n";
  if (!(error instanceof Error)) return `${String(error)}\n`;
  const told = "__pulumiRunError" in error || ("hideStack" in error && error.hideStack === true);
  return `${told ? error.message : (error.stack ?? error.message)}\n`;
}

let failed = false;
/** A mesh that cannot be rendered rejects in several places at once; the first says it all. */
function fail(error: unknown): void {
  if (failed) return;
  failed = true;
  process.stderr.write(textOf(error), () => process.exit(1));
}
process.on("unhandledRejection", fail);
process.on("uncaughtException", fail);
main().then((code) => process.exit(code), fail);
