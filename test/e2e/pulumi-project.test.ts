import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describePart } from "./support/parts";
import { PulumiEngine, type Said } from "./support/pulumi";

/** What a command wrote, which must have ended well. */
function passed({ code, output }: Said): string {
  if (code !== 0) throw new Error(`ended with ${code}\n${output}`);
  return output;
}

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
    // Before, while and after: what will change as a tree, each step with its time, and how to call the services.
    expect(first.stdout).toMatch(/^Stack mesh-up-staging|^\+ Stack mesh-up-staging/);
    expect(first.stdout).toMatch(/[├└]─ \+ VirtualService mesh-namespace\/\S+ {2}create\n/);
    expect(first.stdout).toMatch(/Changes: \+ \d+ to create\n/);
    expect(first.stdout).toMatch(/\n {2}\+ Deployment mesh-namespace\/mesh-deployment {2}created \d+\.\d s\n/);
    expect(first.stdout).toMatch(/Resources: \+ \d+ created, in \d+\.\d s\n/);
    expect(first.stdout).toContain("  curl http://mesh-service.mesh-namespace.svc.cluster.local/\n");
    const second = run("up", "--stack", "staging").stdout;
    expect(second).toMatch(/Changes: \d+ unchanged\n/);
    expect(second).toMatch(/Resources: \d+ unchanged, in/);
    expect(pulumi("destroy", "--yes", "--stack", "staging")).toMatchObject({ code: 0 });
    const unknown = run("up", "--stack", "prod");
    expect(unknown.status).toBe(1);
    expect(unknown.stderr).toContain("There are: dev, staging.");
  });

  const up = ["up", "--yes", "--skip-preview"];

  it("takes the shop from Istio to Linkerd by its config alone", () => {
    const shop = engine.command("stacks/shop");
    passed(shop("stack", "init", "staging"));
    expect(passed(shop(...up, "--stack", "staging"))).toContain(
      "kubernetes:networking.istio.io/v1:VirtualService shop/catalogue created",
    );
    passed(shop("preview", "--stack", "staging", "--expect-no-changes"));

    shop("config", "set", "backend", "linkerd", "--stack", "staging");
    const switched = passed(shop(...up, "--stack", "staging"));
    expect(switched).toContain("kubernetes:networking.istio.io/v1:VirtualService shop/catalogue deleted");
    expect(switched).toMatch(/kubernetes:policy\.linkerd\.io\/v1\w*:Server shop\/\S+ created/);
    const { deployment } = JSON.parse(shop("stack", "export", "--stack", "staging").output) as {
      deployment: { resources: { type: string }[] };
    };
    expect(deployment.resources.filter(({ type }) => type.includes("istio.io"))).toEqual([]);
    passed(shop("destroy", "--yes", "--stack", "staging"));
  });

  it("the team's stack adds to the platform's, which sees nothing of it", () => {
    const [platform, team] = [engine.command("stacks/platform"), engine.command("stacks/team")];
    for (const stack of [platform, team]) passed(stack("stack", "init", "prod"));
    const early = team("preview", "--stack", "prod");
    expect(early.code).not.toBe(0);
    expect(early.output).toContain("MESH4013: Stack organization/platform/prod has no mesh in its output mesh.");
    expect(early.output).not.toMatch(/\n\s+at /);

    passed(platform(...up, "--stack", "prod"));
    expect(passed(team(...up, "--stack", "prod"))).toContain(
      "kubernetes:networking.istio.io/v1:VirtualService reviews/reviews created",
    );
    passed(platform("preview", "--stack", "prod", "--expect-no-changes"));
    for (const stack of [team, platform]) passed(stack("destroy", "--yes", "--stack", "prod"));
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
