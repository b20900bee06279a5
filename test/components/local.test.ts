import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readProject } from "../../components/local/project";

const root = resolve(__dirname, "..", "..");

/** A user's project beside an installed package, without the `pulumi` command. */
describe("a stack without the engine", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "meshup-local-"));
    mkdirSync(join(directory, "node_modules"));
    symlinkSync(root, join(directory, "node_modules", "meshup"));
    symlinkSync(join(root, "node_modules", "@pulumi"), join(directory, "node_modules", "@pulumi"));
    file(
      "Pulumi.yaml",
      "name: shop\nruntime: nodejs\nmain: index.js\nconfig:\n  replicas: { type: integer, default: 2 }\n",
    );
    file("Pulumi.dev.yaml", "config: { shop:backend: istio }\n");
  });
  afterEach(() => rmSync(directory, { recursive: true }));
  const file = (name: string, text: string): void => writeFileSync(join(directory, name), text);

  const up = (stack: string): { code: number | null; err: string } => {
    const env = { ...process.env, PATH: "", XDG_STATE_HOME: join(directory, "state") };
    const main = join(root, "dist", "components", "local", "main.js");
    const { status, stderr } = spawnSync(process.execPath, [main, "up", "--stack", stack, "--detach"], {
      cwd: directory,
      env,
      encoding: "utf8",
    });
    return { code: status, err: stderr };
  };
  const stackTrace = /\n\s+at /;
  const program = `
    const pulumi = require("@pulumi/pulumi");
    const { Mesh, MeshService } = require("meshup");
    const config = new pulumi.Config();
    const mesh = new Mesh("shop", { backend: config.require("backend"), namespace: "shop" });
  `;

  it("refuses what is not on this host, and lists it", () => {
    file(
      "index.js",
      `${program} new MeshService("echo", { ports: [{ port: 80 }] }, { parent: mesh });
       new pulumi.StackReference("organization/platform/prod");`,
    );
    const { code, err } = up("dev");
    expect({ code, err }).toMatchObject({ code: 1 });
    expect(err).toContain("MESH4009: Stack dev needs the Pulumi engine for:\n  kubernetes:core/v1:Namespace shop\n");
    expect(err).toContain("pulumi:pulumi:StackReference organization/platform/prod");
    expect(err).toContain("pulumi up --stack dev");
    expect(err).not.toMatch(stackTrace);
  });

  it("tells a mesh's mistakes without a stack trace, and starts nothing", () => {
    file("index.js", `${program} new MeshService("echo", { ports: [{ port: 80000 }] }, { parent: mesh });`);
    const { code, err } = up("dev");
    expect({ code, err }).toMatchObject({ code: 1 });
    expect(err).toContain("MESH4003: Mesh shop cannot run on istio:\n  MESH0015 service echo ports[0].port:");
    expect(err).not.toMatch(stackTrace);
  });

  it("a version that this host cannot start is told before anything is started", () => {
    file("Pulumi.dev.yaml", "config: { shop:backend: proxy }\n");
    file(
      "index.js",
      `${program} new MeshService("echo", { ports: [{ port: 80 }], versions: [{ name: "v1", workload: {
        replicas: config.requireNumber("replicas"), host: { command: ["no-such-program"] } } }] }, { parent: mesh });`,
    );
    const { code, err } = up("dev");
    expect({ code, err }).toMatchObject({ code: 1 });
    expect(err).toContain("MESH3002");
    expect(err).not.toMatch(stackTrace);
  });

  it("refuses encrypted config, an unknown stack and a broken project, each with its file", () => {
    file("index.js", program);
    file("Pulumi.sealed.yaml", "config:\n  shop:backend: istio\n  shop:token:\n    secure: v1:abc\n");
    const read = (stack: string) => () => readProject(directory, stack);
    expect(read("dev")().config).toEqual({ "shop:replicas": "2", "shop:backend": "istio" });
    expect(read("sealed")).toThrow(/MESH4008: .*Pulumi\.sealed\.yaml: shop:token is encrypted/);
    expect(read("prod")).toThrow(/MESH4011: There is no stack prod: .* There are: dev, sealed\./);
    file("Pulumi.yaml", "name: shop\nruntime: python\n");
    expect(read("dev")).toThrow(/MESH4011: .*Pulumi\.yaml: its runtime is python/);
    rmSync(join(directory, "Pulumi.yaml"));
    expect(read("dev")).toThrow(/MESH4011: No Pulumi\.yaml in /);
  });
});
