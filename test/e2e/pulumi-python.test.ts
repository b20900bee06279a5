import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describePart } from "./support/parts";
import { PulumiEngine } from "./support/pulumi";

const root = resolve(__dirname, "..", "..");
interface Step {
  readonly op: string;
  readonly urn: string;
}

describePart("a program in Python on the real engine", ["pulumi", "python", "pulumiPython"], (parts) => {
  let engine: PulumiEngine;
  let project: string;
  beforeAll(() => {
    engine = new PulumiEngine(parts.pulumi);
    engine.plugin("pulumi-resource-kubernetes", "pulumi-kubernetes.ts");
    engine.plugin("pulumi-language-nodejs", "pulumi-language.ts");
    project = join(engine.directory, "python");
    mkdirSync(project);
    const providers = [{ name: "meshup", path: root }];
    writeFileSync(
      join(project, "Pulumi.yaml"),
      JSON.stringify({ name: "python", runtime: "python", plugins: { providers } }),
    );
  });
  afterAll(() => engine.close());

  function run(command: string, ...args: string[]): string {
    const env = { ...process.env, ...engine.env, PATH: `${dirname(parts.pulumiPython)}:${engine.env.PATH}` };
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: project, env, encoding: "utf8" });
    if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}\n${stdout}${stderr}`);
    return stdout;
  }

  it("gets an SDK from PulumiPlugin.yaml, and makes a mesh with all its pieces", () => {
    run(parts.pulumi, "package", "gen-sdk", "--language", "python", root, "--out", "sdk");
    const install = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "--target", "lib"];
    run(parts.python, "-m", "pip", "install", ...install, join("sdk", "python"));

    const said = run(parts.python, join(root, "test/e2e/support/pulumi-python.py")).trim().split("\n").at(-1) ?? "";
    const { planned, made, services } = JSON.parse(said) as Record<"planned" | "made", Step[]> & { services: object };
    const mesh = "urn:pulumi:dev::python::meshup:index:Mesh";
    const urns = planned.map(({ urn }) => urn);
    expect(new Set(planned.map(({ op }) => op))).toEqual(new Set(["create"]));
    for (const urn of [
      `${mesh}::shop`,
      `${mesh}$meshup:index:MeshService::echo`,
      `${mesh}$meshup:index:MeshService$kubernetes:core/v1:Service::shop/echo`,
      `${mesh}$meshup:index:MeshRoute::echo`,
      `${mesh}$meshup:index:MeshRoute$kubernetes:networking.istio.io/v1:VirtualService::shop/echo`,
    ])
      expect(urns).toContain(urn);
    expect(made.map(({ urn }) => urn).sort()).toEqual([...urns].sort());
    expect(services).toEqual({
      "shop/echo": {
        name: "echo",
        namespace: "shop",
        address: "echo.shop.svc.cluster.local",
        ports: [80],
        versions: ["v1", "v2"],
      },
    });
    // The package is inferred anew each time that the engine starts it, by the TypeScript compiler.
  }, 600_000);
});
