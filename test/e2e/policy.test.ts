import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { describePart } from "./support/parts";
import { PulumiEngine } from "./support/pulumi";

const root = resolve(__dirname, "..", "..");
const rule = (mode: string) => ({
  apiVersion: "networking.istio.io/v1",
  kind: "DestinationRule",
  metadata: { name: "cart", namespace: "shop" },
  spec: { host: "cart.shop.svc.cluster.local", trafficPolicy: { tls: { mode } } },
});
const strict = {
  apiVersion: "security.istio.io/v1",
  kind: "PeerAuthentication",
  metadata: { name: "default", namespace: "shop" },
  spec: { mtls: { mode: "STRICT" } },
};
const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "cart", namespace: "shop" },
  spec: { selector: { app: "cart" }, ports: [{ name: "http", port: 80, targetPort: 8080 }] },
};

describePart("the policy pack on the real engine", ["pulumi"], ({ pulumi: cli }) => {
  let engine: PulumiEngine;
  let project: string;
  beforeAll(() => {
    engine = new PulumiEngine(cli);
    engine.plugin("pulumi-resource-kubernetes", "pulumi-kubernetes.ts");
    engine.plugin("pulumi-language-nodejs", "pulumi-language.ts");
    engine.plugin("pulumi-analyzer-policy", "pulumi-analyzer-policy.ts");
    project = join(engine.directory, "guarded");
    mkdirSync(project);
    symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
    writeFileSync(join(project, "package.json"), JSON.stringify({ name: "guarded", main: "index.js" }));
    writeFileSync(join(project, "Pulumi.yaml"), stringify({ name: "guarded", runtime: "nodejs" }));
    expect(pulumi("stack", "init", "dev").code).toBe(0);
  });
  afterAll(() => engine.close());

  function pulumi(...args: string[]) {
    const env = { ...process.env, ...engine.env };
    const { status, stdout, stderr } = spawnSync(cli, args, { cwd: project, env, encoding: "utf8" });
    return { code: status, output: stdout + stderr };
  }
  /** A program that makes these of hand-written manifests. */
  function program(...manifests: object[]): void {
    const lines = manifests.map(
      (manifest, i) => `new k8s.apiextensions.CustomResource("r${i}", ${JSON.stringify(manifest)});`,
    );
    writeFileSync(join(project, "index.js"), ['const k8s = require("@pulumi/kubernetes");', ...lines, ""].join("\n"));
  }
  const up = (...args: string[]) =>
    pulumi("up", "--yes", "--stack", "dev", "--policy-pack", join(root, "policy"), ...args);
  function state(): string[] {
    const { deployment } = JSON.parse(pulumi("stack", "export", "--stack", "dev").output) as {
      deployment: { resources?: { type: string }[] };
    };
    return (deployment.resources ?? []).map(({ type }) => type).filter((type) => type.startsWith("kubernetes:"));
  }

  it("refuses a stack over one resource, says why, and makes nothing", () => {
    program(rule("DISABLE"), strict);
    const { code, output } = up();
    expect(code).not.toBe(0);
    expect(output).toContain("MESH6002");
    expect(output).toContain("Found: DISABLE. Wanted: TLS towards every destination.");
    expect(output).toContain("docs/policies/MESH6002.md");
    expect(state()).toEqual([]);
  });

  it("refuses a stack over two resources that contradict each other, and makes nothing", () => {
    program(rule("SIMPLE"), strict, service);
    const { code, output } = up();
    expect(code).not.toBe(0);
    expect(output).toContain("MESH6003");
    expect(state()).toEqual([]);
  });

  it("refuses the resource itself where the preview is skipped", () => {
    program(rule("DISABLE"));
    expect(up("--skip-preview").code).not.toBe(0);
    expect(state()).toEqual([]);
  });

  it("takes a stack that is right, and one whose resource is exempt until a day to come", () => {
    program(rule("ISTIO_MUTUAL"), strict, service);
    const right = up();
    expect({ code: right.code, output: right.output }).toMatchObject({ code: 0 });
    expect(state()).toHaveLength(3);

    program(rule("DISABLE"));
    const config = join(project, "policies.json");
    const exemptions = [{ resource: "shop/cart", reason: "moves next week", expires: "2999-12-31" }];
    writeFileSync(config, JSON.stringify({ "client-tls": { enforcementLevel: "mandatory", exemptions } }));
    const exempt = up("--policy-pack-config", config);
    expect({ code: exempt.code, output: exempt.output }).toMatchObject({ code: 0 });
  });

  it("runs from the tarball that publishes it, in a place of its own", () => {
    const at = join(engine.directory, "published");
    mkdirSync(at);
    const packed = spawnSync("npm", ["pack", "--json", "--silent", "--pack-destination", at], {
      cwd: join(root, "policy"),
      encoding: "utf8",
    });
    expect(packed).toMatchObject({ status: 0 });
    const [{ filename, files }] = JSON.parse(packed.stdout) as [{ filename: string; files: { path: string }[] }];
    expect(files.map(({ path }) => path).sort()).toEqual([
      "PulumiPolicy.yaml",
      "dist/index.js",
      "package.json",
      "presets/baseline.json",
      "presets/strict.json",
    ]);
    expect(spawnSync("tar", ["xzf", filename], { cwd: at })).toMatchObject({ status: 0 });
    // As npm would install its two dependencies.
    mkdirSync(join(at, "package", "node_modules"));
    symlinkSync(join(root, "node_modules", "@pulumi"), join(at, "package", "node_modules", "@pulumi"));
    program(rule("DISABLE"), strict);
    const { code, output } = pulumi("preview", "--stack", "dev", "--policy-pack", join(at, "package"));
    expect(code).not.toBe(0);
    expect(output).toContain("MESH6002");
  });

  it("mends what it is told to mend before it is made", () => {
    program(rule("DISABLE"));
    const config = join(project, "mend.json");
    writeFileSync(config, JSON.stringify({ "write-tls-mode": "remediate" }));
    const { code, output } = up("--policy-pack-config", config);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(pulumi("stack", "export", "--stack", "dev").output).toContain("ISTIO_MUTUAL");
  });
});
