import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { configOf } from "../../policy/config";
import { evaluate } from "../../policy/evaluate";
import type { PresetName } from "../../policy/rule";
import { rules } from "../../policy/rules";
import { execute } from "../../src/cli/main";
import { readManifests } from "../../src/cli/manifests";
import { readings } from "../../src/facts";
import { TODAY } from "./support";

// Rendering the shop takes long on a busy machine.
jest.setTimeout(60_000);

const root = resolve(__dirname, "..", "..");
const article = join(__dirname, "input", "article.yaml");
let directory: string;
beforeAll(() => (directory = mkdtempSync(join(tmpdir(), "meshup-policy-"))));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function cli(...args: string[]) {
  let [out, err] = ["", ""];
  const io = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  return { code: await execute(args, io), out, err };
}
function found(path: string, preset: PresetName): string[] {
  const estates = readings(readManifests(path).given);
  return rules.flatMap((rule) =>
    evaluate(rule, estates, configOf(rule, {}, preset), TODAY).map((v) => `${v.code} ${v.resource} ${v.field}`),
  );
}

it("says of the article's manifests exactly what they deserve", () => {
  expect(found(article, "strict")).toEqual([
    "MESH1085 Service/mesh-namespace/mesh-service ",
    "MESH6013 Namespace/mesh-namespace metadata.labels",
    "MESH6020 VirtualService/mesh-namespace/mesh-virtualservice spec.http[1]",
    "MESH1101 Deployment/mesh-namespace/mesh-deployment spec.template.spec.serviceAccount",
    "MESH1103 Deployment/mesh-namespace/mesh-deployment spec.template.spec.containers[0]",
  ]);
});

describe.each(["mesh-up", "shop"])("examples/%s", (example) => {
  const file = join(root, "examples", example, "mesh.yaml");

  it("violates nothing of the baseline as a mesh file", async () => {
    const { code, err } = await cli("policy", "check", file, "--today", TODAY);
    expect({ code, err }).toEqual({ code: 0, err: `${file}: nothing to say\n` });
  });

  it.each(["istio", "istio-managed-csm", "linkerd", "appmesh", "gcsm", "vpc-lattice"])(
    "violates nothing of the baseline on %s",
    async (backend) => {
      const rendered = await cli("render", file, "--backend", backend, "--accept-losses");
      expect(rendered).toMatchObject({ code: 0 });
      const path = join(directory, `${example}-${backend}.yaml`);
      writeFileSync(path, rendered.out);
      expect(readManifests(path).given.length).toBeGreaterThan(5);
      expect(found(path, "baseline")).toEqual([]);
    },
  );
});

describe("meshup policy check", () => {
  const wrong = (): string => {
    const path = join(directory, "wrong.yaml");
    const rule = rules.find(({ name }) => name === "client-tls");
    writeFileSync(path, rule?.example.wrong ?? "");
    return path;
  };

  it("exits 1 with file, line and remedy", async () => {
    const { code, err } = await cli("policy", "check", wrong());
    expect(code).toBe(1);
    expect(err).toContain("wrong.yaml:5:");
    expect(err).toContain("error MESH6002");
    expect(err).toContain("docs/policies/MESH6002.md");
  });

  it("writes json, sarif, github and junit", async () => {
    const path = wrong();
    const json = JSON.parse((await cli("policy", "check", path, "--format", "json")).out) as {
      findings: { code: string; line: number }[];
    };
    expect(json.findings).toMatchObject([{ code: "MESH6002", line: 5 }]);
    const sarif = JSON.parse((await cli("policy", "check", path, "--format", "sarif")).out) as {
      runs: { tool: { driver: { rules: object[] } }; results: object[] }[];
    };
    expect(sarif.runs[0]?.tool.driver.rules).toMatchObject([{ id: "MESH6002", name: "client-tls" }]);
    expect((await cli("policy", "check", path, "--format", "github")).out).toMatch(/^::error file=.*,line=5,/);
    const junit = (await cli("policy", "check", path, "--format", "junit")).out;
    expect(junit).toContain('<testsuites name="meshup" tests="1" failures="1">');
    expect(junit).toContain('<failure type="MESH6002"');
  });

  it("follows a configuration, and tells what is wrong with one", async () => {
    const config = join(directory, "config.json");
    writeFileSync(config, JSON.stringify({ "client-tls": "advisory" }));
    expect(await cli("policy", "check", wrong(), "--config", config)).toMatchObject({ code: 0 });
    const exemptions = [
      { resource: "shop/cart", reason: " ", expires: "2027-01-31" },
      { resource: "shop/cart", reason: "legacy" },
      { resource: "shop/cart", reason: "legacy", expires: "soon" },
    ];
    writeFileSync(config, JSON.stringify({ "client-tls": { exemptions, levle: 1 }, "clinet-tls": "disabled" }));
    const { code, err } = await cli("policy", "check", wrong(), "--config", config);
    expect(code).toBe(1);
    expect(err).toContain("No policy is called clinet-tls");
    expect(err).toContain("client-tls: exemptions[0] gives no reason");
    expect(err).toContain("client-tls: exemptions[1] has no last day; write expires: 2027-01-31");
    expect(err).toContain("client-tls: exemptions[2].expires is no date: soon");
    expect(err).toContain("client-tls: levle is no setting of client-tls");
    expect(err).toContain("error MESH6002");
  });

  it("reads Pulumi YAML programs: what comes from other resources is unknown", async () => {
    const path = join(directory, "program.yaml");
    const node = (tls: string) => `name: p
runtime: yaml
resources:
  mesh: { type: "aws:appmesh/mesh:Mesh", properties: { name: shop, spec: { egressFilter: { type: DROP_ALL } } } }
  cart:
    type: aws:appmesh/virtualNode:VirtualNode
    properties:
      name: cart
      meshName: \${mesh.name}
      spec:
        listeners: [{ portMapping: { port: 80, protocol: http }, tls: { mode: ${tls} } }]
        backendDefaults: { clientPolicy: { tls: { enforce: false } } }
`;
    writeFileSync(path, node("PERMISSIVE"));
    const first = await cli("policy", "check", path, "--preset", "strict");
    expect(first.err).toMatch(/program\.yaml:11:\d+ .*error MESH6001/);
    expect(first.err).toMatch(/program\.yaml:12:\d+ .*error MESH6002/);
    writeFileSync(path, node("'${config.mode}'"));
    expect((await cli("policy", "check", path, "--preset", "strict")).err).not.toContain("MESH6001");
  });

  it("reports a file that is no YAML, and refuses a path with nothing to check", async () => {
    const path = join(directory, "broken.yaml");
    writeFileSync(path, "a: [\n");
    expect(await cli("policy", "check", path)).toMatchObject({ code: 1 });
    expect(await cli("policy", "check", join(directory, "none"))).toMatchObject({ code: 2 });
  });
});

it("lists every policy", async () => {
  const { out } = await cli("policy", "list", "--format", "markdown");
  for (const { code, name } of rules) expect(out).toContain(`| [${code}](${code}.md) | \`${name}\` |`);
  expect(readFileSync(join(root, "docs/policies/README.md"), "utf8")).toContain(out.trim());
});
