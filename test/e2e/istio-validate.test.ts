import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toYaml } from "../../src/plan";
import { render } from "../../src/renderers/istio";
import { casesIn, modelOf } from "../renderers/support/golden";
import { describePart } from "./support/parts";

const root = join(__dirname, "../..");
const meshes = [
  ...casesIn(join(root, "test/renderers/istio/cases")),
  { name: "mesh-up", text: readFileSync(join(root, "examples/mesh-up/mesh.yaml"), "utf8") },
];

/** What istioctl warns of and what is meant so; anything else it says fails. */
const meant: Readonly<Record<string, RegExp>> = {
  // Istio refuses plain TCP under a DENY that asks for HTTP, as the model does.
  authorization: /AuthorizationPolicy\/shop\/closed: configured AuthorizationPolicy will deny all traffic to TCP ports/,
  jwt: /AuthorizationPolicy\/shop\/users.required: configured AuthorizationPolicy will deny all traffic to TCP ports/,
};

describePart("istioctl validate", ["istioctl"], ({ istioctl }) => {
  let dir: string;
  beforeAll(() => void (dir = mkdtempSync(join(tmpdir(), "meshup-istioctl-"))));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const validate = (name: string, text: string): { status: number | null; said: string } => {
    const file = join(dir, `${name}.yaml`);
    writeFileSync(file, text);
    const { status, stdout, stderr } = spawnSync(istioctl, ["validate", "-f", file], {
      encoding: "utf8",
      timeout: 60_000,
    });
    return { status, said: `${stdout}${stderr}` };
  };

  it.each(meshes)("accepts $name", ({ name, text }) => {
    const { status, said } = validate(name, toYaml(render(modelOf(text)).plan));
    expect({ status, said: said.replaceAll(dir, "") }).toEqual({
      status: 0,
      said: expect.stringMatching(meant[name] ?? / is valid\n$/) as string,
    });
  });

  it("refuses what is wrong, so that accepting means something", () => {
    const text = toYaml(render(modelOf(readFileSync(join(root, "examples/mesh-up/mesh.yaml"), "utf8"))).plan);
    expect(validate("typo", text.replace("perTryTimeout: 1s", "perTryTimeOut: 1s")).status).not.toBe(0);
    expect(validate("zero", text.replace("timeout: 5s", "timeout: 0s")).status).not.toBe(0);
  });
});
