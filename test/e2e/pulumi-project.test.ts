import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describePart } from "./support/parts";
import { PulumiEngine } from "./support/pulumi";

describePart("this repository's own stacks on the real engine", ["pulumi"], ({ pulumi: cli }) => {
  let engine: PulumiEngine;
  let pulumi: ReturnType<PulumiEngine["project"]>;
  beforeAll(() => {
    engine = new PulumiEngine(cli);
    engine.plugin("pulumi-resource-kubernetes", "pulumi-kubernetes.ts");
    engine.plugin("pulumi-language-nodejs", "pulumi-language.ts");
    pulumi = engine.project();
    for (const stack of ["dev", "staging"]) expect(pulumi("stack", "init", stack)).toMatchObject({ code: 0 });
  });
  afterAll(() => engine.close());

  it("previews staging as Istio with its own image", () => {
    const { code, output } = pulumi("preview", "--stack", "staging", "--diff");
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain("kubernetes:networking.istio.io/v1:VirtualService");
    expect(output).toContain("registry.example/mesh-app:1.4.2");
  });

  it("previews dev as one mesh on this host", () => {
    const { code, output } = pulumi("preview", "--stack", "dev");
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain("pulumi-nodejs:dynamic/meshup:HostMesh");
    expect(output).not.toContain("kubernetes:");
  });

  it("meshup up --stack runs the stack through the engine", () => {
    const run = (...args: string[]) => {
      const command = join(process.cwd(), "bin", "meshup.js");
      const { cwd, env } = engine.projectEnvironment();
      return spawnSync(process.execPath, [command, ...args], { cwd, env, encoding: "utf8" });
    };
    const first = run("up", "--stack", "staging");
    expect({ code: first.status, errors: first.stderr }).toMatchObject({ code: 0 });
    expect(first.stdout).toMatch(/\+ \d+ created/);
    expect(run("up", "--stack", "staging").stdout).toMatch(/Resources:\s+\d+ unchanged/);
    expect(pulumi("destroy", "--yes", "--stack", "staging")).toMatchObject({ code: 0 });
    const unknown = run("up", "--stack", "prod");
    expect(unknown.status).toBe(1);
    expect(unknown.stderr).toContain("There are: dev, staging.");
  });

  it("refuses config that means nothing, with file, key and what is allowed, and no stack trace", () => {
    pulumi("config", "set", "backend", "istoi", "--stack", "dev");
    pulumi("config", "set", "canry", "3", "--stack", "dev");
    const { code, output } = pulumi("preview", "--stack", "dev");
    expect(code).not.toBe(0);
    expect(output).toContain("MESH4010: stacks/mesh-up/Pulumi.dev.yaml:");
    expect(output).toContain('mesh-up:backend is "istoi"; allowed: one of istio, ');
    expect(output).toContain("mesh-up:canry is not a key of this program, which reads backend, image, canary");
    expect(output).not.toMatch(/\n\s+at /);
  });
});
