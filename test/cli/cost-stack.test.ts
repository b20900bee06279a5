import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execute } from "../../src/cli/main";
import { bundledBook, type CostRecord, estimate, recordOf } from "../../src/cost";
import { meshOf } from "../cost/support/mesh";

/** Stands in for the `pulumi` command: answers with what `answers` holds for its arguments, else as for an unknown stack. */
const STAND_IN = `#!${process.execPath}
const answers = JSON.parse(require("fs").readFileSync(process.env.ANSWERS, "utf8"));
const answer = answers[process.argv.slice(2).join(" ")];
if (answer !== undefined) process.stdout.write(JSON.stringify(answer));
else { process.stderr.write("error: no stack named '" + process.argv.at(-1) + "' found\\n"); process.exitCode = 255; }
`;
let dir: string;
const path = process.env.PATH;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "meshup-stacks-"));
  process.env.ANSWERS = join(dir, "answers.json");
  process.env.PATH = [dir, path].join(delimiter);
  writeFileSync(join(dir, "pulumi"), STAND_IN);
  chmodSync(join(dir, "pulumi"), 0o755);
});
afterEach(() => {
  process.env.PATH = path;
  delete process.env.ANSWERS;
  rmSync(dir, { recursive: true, force: true });
});

const record = (mesh: string, services: number, currency = "USD"): CostRecord => ({
  ...recordOf(
    estimate(meshOf(Array.from({ length: services }, (_, i) => ({ name: `s${i}` }))), "vpc-lattice", {
      book: bundledBook("vendor"),
    }),
  ),
  mesh,
  currency,
});
const output = (stack: string): string => `stack output --json --stack ${stack}`;
const exported = (stack: string): string => `stack export --stack ${stack}`;
const answers = (value: Readonly<Record<string, unknown>>): void =>
  writeFileSync(join(dir, "answers.json"), JSON.stringify(value));
async function cost(...argv: string[]) {
  let [out, err] = ["", ""];
  const io = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  return { code: await execute(["cost", "stack", ...argv], io), out, err };
}

// Each call is a process that asks two more.
jest.setTimeout(30_000);

describe("meshup cost stack", () => {
  beforeEach(() =>
    answers({
      [output("dev")]: { cost: record("shop", 1), other: 5 },
      // Under any name, and twice.
      [output("prod")]: { all: { shop: record("shop", 3), pay: record("pay", 1) }, shop: record("shop", 3) },
      // The program exports none; its mesh registered one all the same.
      [output("old")]: { services: {} },
      [exported("old")]: {
        deployment: { resources: [{ type: "meshup:index:Mesh", outputs: { cost: record("old", 2) } }, { type: "x" }] },
      },
      [output("bare")]: {},
      [exported("bare")]: { deployment: { resources: [{ type: "pulumi:pulumi:Stack" }] } },
    }),
  );

  test("puts stacks side by side and adds them up", async () => {
    const { code, out, err } = await cost("dev", "prod", "old", "--cwd", dir);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const rows = out.split("\n").map((line) => line.split(/ {2,}/));
    expect(rows.slice(0, 6)).toEqual([
      ["Stack", "Mesh", "Backend", "Where", "Mesh fee", "Monthly (low – high)", "Open"],
      ["dev", "shop", "vpc-lattice", "us-east-1 (eks)", "$18.25", "$18.25", "2"],
      ["prod", "shop", "vpc-lattice", "us-east-1 (eks)", "$54.75", "$54.75", "6"],
      ["prod", "pay", "vpc-lattice", "us-east-1 (eks)", "$18.25", "$18.25", "2"],
      ["old", "old", "vpc-lattice", "us-east-1 (eks)", "$36.50", "$36.50", "4"],
      ["TOTAL", "$127.75", "$127.75"],
    ]);
    expect(out).toContain("Open lines depend on usage");
  });
  test("writes JSON with decimal strings, and a GitHub table", async () => {
    const { out } = await cost("dev", "prod", "--cwd", dir, "--format", "json");
    expect(JSON.parse(out)).toMatchObject({
      currency: "USD",
      totalMonthlyCost: "91.25",
      stacks: [
        { stack: "dev", totalMonthlyCost: "18.25" },
        { stack: "prod", totalMonthlyCost: "73" },
      ],
    });
    const { out: page } = await cost("dev", "--cwd", dir, "--format", "markdown");
    expect(page).toContain("| dev | shop | vpc-lattice | us-east-1 (eks) | $18.25 | $18.25 | 2 |");
  });
  test("holds a budget against the sum: exit code 3 above it, 0 at it", async () => {
    expect(await cost("dev", "prod", "--cwd", dir, "--budget", "91.25")).toMatchObject({ code: 0, err: "" });
    const over = await cost("dev", "prod", "--cwd", dir, "--budget", "91.24");
    expect(over.code).toBe(3);
    expect(over.err).toMatch(/MESH5040 \$91\.25 a month .* over the budget of \$91\.24 of dev, prod/);
    expect(await cost("dev", "--cwd", dir, "--budget", "much")).toMatchObject({ code: 2 });
  });
  test("adds nothing up across currencies", async () => {
    answers({ [output("dev")]: { cost: record("a", 1) }, [output("eu")]: { cost: record("b", 1, "EUR") } });
    const { out } = await cost("dev", "eu", "--cwd", dir);
    expect(out).not.toContain("TOTAL");
    expect(out).toContain("several currencies");
  });
  test("says which stack has no mesh, and which cannot be read", async () => {
    const bare = await cost("bare", "--cwd", dir);
    expect(bare).toMatchObject({ code: 0 });
    expect(bare.err).toContain("MESH5042 stack bare has no mesh with a cost");
    const absent = await cost("dev", "absent", "--cwd", dir);
    expect(absent).toMatchObject({ code: 1, out: "" });
    expect(absent.err).toContain("MESH5041 stack absent cannot be read: no stack named 'absent' found");
    expect(await cost("dev", "--cwd", join(dir, "nowhere"))).toMatchObject({ code: 2 });
  });
  test("without the pulumi command says where to get it", async () => {
    process.env.PATH = join(dir, "nothing");
    const { code, err } = await cost("dev", "--cwd", dir);
    expect(code).toBe(1);
    expect(err).toContain("there is no pulumi command here");
  });
});
