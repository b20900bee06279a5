/**
 * npm run bench:pulumi: what a mesh of 10, 100 and 1,000 services costs on the real Pulumi engine: seconds, and greatest
 * resident sets of engine and program, for preview, up and an up that changes nothing; beside a program that makes the
 * very same resources by hand (bench/pulumi/by-hand.ts, checked to hold the same).
 *
 * Method: Pulumi CLI 3.200.0 as tools/parts/build.sh builds it, state in a directory, a provider that does nothing; the
 * two programs take turns, each round on stacks of their own; the median of the rounds. The engine saves its state once
 * at the end (PULUMI_SKIP_CHECKPOINTS): a state in a directory is written anew after every step otherwise, which is most
 * of the time of a large stack and the same for both.
 * Options: --sizes 10,100,1000, --rounds 3 (for 1,000 and more: 1), --out FILE.json adds to FILE.json and writes the
 * table beside it as FILE.md, --limit N fails where the components take N % more time than by hand.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { part } from "../test/e2e/support/parts";
import { PulumiEngine } from "../test/e2e/support/pulumi";
import type { Measured } from "./pulumi/measure";
import { BenchStack, contents, type Operation, operations, type ProgramName, programs } from "./pulumi/stack";
import { overOf, type Result, tableOf } from "./pulumi/table";

const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "10,100,1000" },
    rounds: { type: "string", default: "3" },
    out: { type: "string" },
    limit: { type: "string" },
  },
});
const cli = part("pulumi");
if (cli === undefined) {
  console.error("bench:pulumi needs the Pulumi CLI: tools/parts/build.sh pulumi");
  process.exit(2);
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] as number;
const pick = (runs: readonly Measured[], of: Exclude<keyof Measured, "changes">): number =>
  Number(median(runs.map((run) => run[of])).toFixed(of === "seconds" || of === "cpuSeconds" ? 2 : 0));

/** What each operation must have done: a run that did something else measures nothing. */
function check(operation: Operation, { changes }: Measured, resources: number): void {
  const done = changes[operation === "no-op up" ? "unchange" : "create"] ?? 0;
  if (done < resources) throw new Error(`${operation} of ${resources} resources did ${JSON.stringify(changes)}`);
}

async function measureSize(engine: PulumiEngine, services: number): Promise<Result[]> {
  const rounds = services >= 1000 ? 1 : Number(values.rounds);
  const runs = new Map<string, Measured[]>();
  let made: ReturnType<BenchStack["resources"]> | undefined;
  for (let round = 0; round < rounds; round++) {
    // By hand needs to know what the components make, and afterwards the order alternates.
    const order: readonly ProgramName[] = round % 2 === 0 ? ["with-components", "by-hand"] : programs;
    for (const program of order) {
      const stack = new BenchStack(cli as string, engine, program, `n${services}-${round}`, services);
      if (made !== undefined) stack.imitate(made);
      for (const operation of operations) {
        const measured = await stack.run(operation);
        if (made !== undefined) check(operation, measured, made.length);
        const key = `${program} ${operation}`;
        runs.set(key, [...(runs.get(key) ?? []), measured]);
        console.error(`${services} services, round ${round + 1}, ${key}: ${measured.seconds.toFixed(2)} s`);
      }
      const now = stack.resources();
      made ??= now;
      if (contents(now) !== contents(made)) throw new Error(`${program} made other resources`);
    }
  }
  return programs.flatMap((program) =>
    operations.map((operation) => {
      const of = runs.get(`${program} ${operation}`) as readonly Measured[];
      return {
        services,
        resources: made?.length ?? 0,
        program,
        operation,
        rounds,
        seconds: pick(of, "seconds"),
        cpuSeconds: pick(of, "cpuSeconds"),
        engineMb: pick(of, "engineMb"),
        programMb: pick(of, "programMb"),
      };
    }),
  );
}

interface Recorded {
  readonly node: string;
  readonly cpu: string;
  readonly date: string;
  readonly results: readonly Result[];
}

/** Sizes measured again replace what was there. */
function record(out: string, results: readonly Result[]): void {
  const before = existsSync(out) ? (JSON.parse(readFileSync(out, "utf8")) as Recorded).results : [];
  const sizes = new Set(results.map(({ services }) => services));
  const all = [...before.filter(({ services }) => !sizes.has(services)), ...results];
  const recorded: Recorded = {
    node: process.version,
    cpu: `${cpus().length} × ${cpus()[0]?.model ?? "unknown CPU"}`,
    date: new Date().toISOString().slice(0, 10),
    results: all.sort((a, b) => a.services - b.services),
  };
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, `${JSON.stringify(recorded, undefined, 2)}\n`);
  const { node, cpu, date } = recorded;
  writeFileSync(out.replace(/\.json$/, ".md"), page(`Node ${node}, ${cpu}, ${date}`, recorded.results));
}

const page = (machine: string, results: readonly Result[]): string => `# Pulumi: what the components cost

\`npm run bench:pulumi -- --out docs/benchmarks/pulumi.json\` measures this and writes this page; how is said in
bench/pulumi.ts. A service is two versions with a workload each, a route, a policy and three calls, on Istio. CPU is
that of engine and program, memory the greatest resident set of each.

${machine}

${tableOf(results)}`;

async function main(): Promise<void> {
  const engine = new PulumiEngine(cli as string, { PULUMI_SKIP_CHECKPOINTS: "true", PULUMI_EXPERIMENTAL: "true" });
  try {
    engine.plugin("pulumi-resource-kubernetes", "pulumi-kubernetes.ts");
    engine.plugin("pulumi-language-nodejs", "pulumi-language.ts");
    const results: Result[] = [];
    for (const size of values.sizes.split(",").map(Number)) results.push(...(await measureSize(engine, size)));
    console.log(tableOf(results));
    if (values.out !== undefined) record(resolve(values.out), results);
    const limit = values.limit === undefined ? Infinity : Number(values.limit);
    const slow = results.filter((result) => result.program === "with-components" && overOf(result, results) > limit);
    for (const { services, operation } of slow)
      console.error(`${operation} of ${services} services took more than ${limit} % longer than by hand`);
    if (slow.length > 0) process.exitCode = 1;
  } finally {
    engine.close();
  }
}
void main();
