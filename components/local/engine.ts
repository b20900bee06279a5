import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

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

/** `pulumi up` of a stack, on this terminal. Without one it does not ask, since there is nobody to answer. */
export function pulumiUp(pulumi: string, stack: string, cwd: string): Promise<number> {
  const asks = process.stdin.isTTY && process.stdout.isTTY;
  const child = spawn(pulumi, ["up", "--stack", stack, ...(asks ? [] : ["--yes"])], { cwd, stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
