import { execFile } from "node:child_process";
import { type CostRecord, costFinding, recordsIn, type StackCost } from "../cost";
import { Problem } from "../host/problem";
import type { Finding } from "../model";

const LONGEST_STATE = 1 << 30;
/** Exits of a process that never started have a text instead of a number. */
interface Failure {
  readonly code?: number | string | null;
  readonly stderr: string;
}

/**
 * What stacks of the Pulumi project in `cwd` cost by their last update: what they export, else what their meshes
 * registered. Findings are stacks without a mesh.
 * @throws Problem with every stack that cannot be read.
 */
export async function readStacks(
  names: readonly string[],
  cwd: string,
): Promise<{ readonly stacks: readonly StackCost[]; readonly findings: readonly Finding[] }> {
  const stacks: StackCost[] = [];
  const findings: Finding[] = [];
  // One after the other: a project's backend may lock, and nobody compares hundreds.
  for (const stack of names) {
    try {
      const meshes = await costOf(stack, cwd);
      stacks.push({ stack, meshes });
      if (meshes.length === 0) findings.push(noMesh(stack));
    } catch (error) {
      findings.push(unreadable(stack, error as Failure));
    }
  }
  if (findings.some(({ level }) => level === "error")) throw new Problem(findings);
  return { stacks, findings };
}

async function costOf(stack: string, cwd: string): Promise<readonly CostRecord[]> {
  const exported = recordsIn(await pulumi(["stack", "output", "--json", "--stack", stack], cwd));
  if (exported.length > 0) return distinct(exported);
  const { deployment } = (await pulumi(["stack", "export", "--stack", stack], cwd)) as {
    readonly deployment?: { readonly resources?: readonly { readonly type?: string; readonly outputs?: unknown }[] };
  };
  return (deployment?.resources ?? [])
    .filter(({ type }) => type === "meshup:index:Mesh")
    .flatMap(({ outputs }) => recordsIn((outputs as { readonly cost?: unknown } | undefined)?.cost));
}

/** A program may export one mesh's cost by itself and again within something else. */
const distinct = (records: readonly CostRecord[]): readonly CostRecord[] => [
  ...new Map(records.map((record) => [JSON.stringify(record), record])).values(),
];

const pulumi = (args: readonly string[], cwd: string): Promise<unknown> =>
  new Promise((resolve, reject) => {
    execFile("pulumi", args, { cwd, env: process.env, maxBuffer: LONGEST_STATE }, (error, stdout, stderr) => {
      if (error !== null) return reject(Object.assign(error, { stderr }));
      try {
        resolve(JSON.parse(stdout));
      } catch {
        reject(Object.assign(new Error("no JSON"), { stderr: `it answered ${JSON.stringify(stdout.slice(0, 80))}` }));
      }
    });
  });

function unreadable(stack: string, { code, stderr }: Failure): Finding {
  if (code === "ENOENT")
    return costFinding(
      "MESH5041",
      "",
      `stack ${stack} cannot be read: there is no pulumi command here`,
      "Get it from https://www.pulumi.com/docs/install/.",
    );
  const said =
    stderr
      .trim()
      .split("\n")
      .at(-1)
      ?.replace(/^error: /, "") ?? "";
  return costFinding(
    "MESH5041",
    "",
    `stack ${stack} cannot be read: ${said}`,
    "pulumi stack ls lists the stacks of this project.",
  );
}
const noMesh = (stack: string): Finding =>
  costFinding(
    "MESH5042",
    "",
    `stack ${stack} has no mesh with a cost`,
    "Update it once with this release of meshup, which registers the cost of each Mesh.",
  );
