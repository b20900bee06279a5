import { accessSync, constants } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline/promises";
import { createRequire } from "node:module";
import type * as Automation from "@pulumi/pulumi/automation";
import { callLines } from "../../src/cli/progress/calls";
import { LiveTree, type Screen } from "../../src/cli/progress/screen";
import { StepTree } from "../../src/cli/progress/tree";
import { explained } from "./explain";

const load = createRequire(__filename);

/** The `pulumi` command on PATH, or undefined. */
export function findPulumi(path = process.env.PATH ?? ""): string | undefined {
  return path
    .split(delimiter)
    .filter((directory) => directory !== "")
    .map((directory) => join(directory, "pulumi"))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

export interface UpOptions {
  readonly pulumi: string;
  readonly stack: string;
  /** Where Pulumi.yaml lies. */
  readonly cwd: string;
  /** Do not ask. Nor is anybody asked where nobody can answer. */
  readonly yes: boolean;
}

/**
 * Runs a stack through the engine: says what will change, asks, shows the engine's steps as they happen, and ends with
 * how to call the services. Gives the exit code.
 */
export async function pulumiUp({ pulumi, stack: name, cwd, yes }: UpOptions): Promise<number> {
  // Loaded where it is needed: without the engine nothing of it is.
  const { LocalWorkspace, PulumiCommand } = load("@pulumi/pulumi/automation") as typeof Automation;
  const screen = screenOf(process.stdout);
  const pulumiCommand = await PulumiCommand.get({ root: dirname(dirname(pulumi)), skipVersionCheck: true });
  let stack: Automation.Stack;
  try {
    stack = await LocalWorkspace.selectStack({ stackName: name, workDir: cwd }, { pulumiCommand });
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\nMake the stack first: pulumi stack init ${name}\n`);
    return 1;
  }

  const planned = await follow(new StepTree(true, Date.now), screen, false, (onEvent) => stack.preview({ onEvent }));
  if (planned === undefined) return 1;
  for (const line of planned.tree.lines()) screen.write(`${line}\n`);
  screen.write(`Changes: ${planned.tree.summary()}\n`);
  const asks = planned.tree.changes && !yes && process.stdin.isTTY && process.stdout.isTTY;
  if (asks && !(await confirmed())) return 1;

  const start = Date.now();
  const made = await follow(new StepTree(false, Date.now), screen, true, (onEvent) => stack.up({ onEvent }));
  if (made === undefined) return 1;
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  screen.write(`Resources: ${made.tree.summary()}, in ${seconds} s\n`);
  const outputs = Object.entries(made.result.outputs).map(([key, { value }]) => [key, value as unknown] as const);
  const calls = callLines(Object.fromEntries(outputs));
  if (calls.length > 0) screen.write(`\n${calls.join("\n")}\n`);
  return 0;
}

interface Followed<T> {
  readonly tree: StepTree;
  readonly result: T;
}

/** Runs one operation. Undefined where it failed, which the engine's own diagnostics have then told. */
async function follow<T>(
  tree: StepTree,
  screen: Screen,
  live: boolean,
  work: (onEvent: (event: Automation.EngineEvent) => void) => Promise<T>,
): Promise<Followed<T> | undefined> {
  const view = live ? new LiveTree(tree, screen) : undefined;
  let told = false;
  const onEvent = (event: Automation.EngineEvent): void => {
    const ended = tree.take(event);
    if (ended !== undefined) view?.ended(ended);
    const { severity, message = "", ephemeral = false } = event.diagnosticEvent ?? {};
    if (severity === undefined || ephemeral) return;
    told ||= severity === "error";
    // What a program says at the preview it says again at the update.
    if (live && severity !== "error") return;
    const text = `${explained(plain(message).trimEnd())}\n`;
    if (text === "\n" || severity === "info#err") return;
    if (view === undefined) process.stderr.write(text);
    else view.say(text);
  };
  try {
    return { tree, result: await work(onEvent) };
  } catch (error) {
    if (!told) process.stderr.write(`${reasonOf(error)}\n`);
    return undefined;
  } finally {
    view?.done();
  }
}

/** The engine marks colours as `<{%fg 1%}>`. */
const plain = (message: string): string => message.replaceAll(/<\{%.*?%\}>/g, "");

/** Of the engine's command, what it wrote to standard error; else the message. */
function reasonOf(error: unknown): string {
  const { message } = error as Error;
  const [, said] = /stderr: ([\s\S]*?)(?:\n err\?|$)/.exec(message) ?? [];
  return (said ?? message).trim();
}

const screenOf = (out: NodeJS.WriteStream): Screen => ({
  write: (text) => void out.write(text),
  isTerminal: out.isTTY,
  rows: out.rows || 24,
  columns: out.columns || 80,
});

async function confirmed(): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question("Make these changes? (y/N) ");
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
