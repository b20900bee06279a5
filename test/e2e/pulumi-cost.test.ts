import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describePart } from "./support/parts";
import { PulumiEngine } from "./support/pulumi";

describePart("a mesh's cost on the real engine", ["pulumi"], ({ pulumi: cli }) => {
  let engine: PulumiEngine;
  let pulumi: ReturnType<PulumiEngine["project"]>;
  const config = (key: string, value: string): void =>
    expect(pulumi("config", "set", key, value, "--stack", "staging")).toMatchObject({ code: 0 });
  beforeAll(() => {
    engine = new PulumiEngine(cli);
    engine.plugin("pulumi-resource-kubernetes", "pulumi-kubernetes.ts");
    engine.plugin("pulumi-language-nodejs", "pulumi-language.ts");
    pulumi = engine.project();
    expect(pulumi("stack", "init", "staging")).toMatchObject({ code: 0 });
    config("meshup:priceBook", "article");
    config("meshup:budget", "20");
    config("backend", "istio");
  });
  afterAll(() => engine.close());

  it("is said in one line at preview, with what the last update exported", () => {
    const first = pulumi("preview", "--stack", "staging");
    expect(first).toMatchObject({ code: 0 });
    expect(first.output).toContain("cost: $0.00 a month on istio\n");
    expect(pulumi("up", "--yes", "--stack", "staging")).toMatchObject({ code: 0 });
    config("meshup:priceBook", "vendor");
    config("meshup:usage", "small");
    config("meshup:budget", "500");
    const second = pulumi("preview", "--stack", "staging");
    expect(second.output).toMatch(/cost: \$(\d+\.\d\d) a month on istio \(was \$0\.00, \+\$\1\)/);
  });

  it("over the stack's budget is refused before anything changes, and by name", () => {
    config("meshup:budget", "1");
    const { code, output } = pulumi("up", "--yes", "--stack", "staging");
    expect(code).not.toBe(0);
    expect(output).toMatch(
      /MESH5040: \$\d+\.\d\d a month \(mesh-up on istio\) is over the budget of \$1\.00 of stack staging/,
    );
    expect(output).not.toMatch(/\n\s+at /);
    expect(output).not.toMatch(/[~+-] \d+ (created|updated|deleted)/);
  });

  it("is read from the stack by `meshup cost stack`", () => {
    config("meshup:budget", "500");
    expect(pulumi("up", "--yes", "--stack", "staging")).toMatchObject({ code: 0 });
    const command = join(process.cwd(), "bin", "meshup.js");
    const { cwd, env } = engine.projectEnvironment();
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [command, "cost", "stack", "staging", "--cwd", cwd],
      { env, encoding: "utf8" },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/staging +mesh-up +istio +us-east-1 \(eks\) .*\nTOTAL/);
    expect(pulumi("destroy", "--yes", "--stack", "staging")).toMatchObject({ code: 0 });
  });
});
