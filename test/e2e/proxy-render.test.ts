import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { CertificateAuthority } from "../../src/control/ca";
import { signingRequest } from "../../src/control/svid";
import { Bench, call } from "../host/support";
import { type BootstrapProperties, render } from "../../src/renderers/proxy";
import { proxyOf } from "../renderers/proxy/messages";
import { casesIn, modelOf } from "../renderers/support/golden";
import { everything } from "./support/everything";
import { describePart, part } from "./support/parts";

const BIN = resolve(__dirname, "../../bin/meshup.js");
const EXAMPLE = resolve(__dirname, "../../examples/mesh-up/mesh.yaml");
const run = promisify(execFile);

/** Paths on and beside the edges of the routes' prefixes; the last is normalized before it is matched. */
const REQUESTS = ["/v1", "/v1/", "/v1/x", "/v10", "/v1?x", "/v2", "/v2/deep/er?q=1", "/V1", "/", "/v1/../v2/y"];

describePart("Envoy takes what the renderer writes", ["envoy"], ({ envoy }) => {
  const dir = mkdtempSync(join(tmpdir(), "meshup-"));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  /** The files refer to an identity in `certs`, which a proxy gets from its agent. */
  beforeAll(async () => {
    const id = "spiffe://cluster.local/ns/mesh-namespace/sa/mesh-app";
    const ca = await CertificateAuthority.create({ trustDomain: "cluster.local" });
    const { csr, privateKey } = await signingRequest(id);
    mkdirSync(join(dir, "certs"));
    writeFileSync(join(dir, "certs/identity.pem"), await ca.sign(csr, id));
    writeFileSync(join(dir, "certs/identity.key"), privateKey);
    writeFileSync(join(dir, "certs/roots.pem"), ca.roots);
    // What secrets would hold, for the cases of gateways and of client certificates.
    for (const name of ["shop-cert", "partners-cert", "a", "b", "bank-client"]) {
      mkdirSync(join(dir, "secrets", name), { recursive: true });
      for (const [from, to] of [
        ["identity.pem", "tls.crt"],
        ["identity.key", "tls.key"],
        ["roots.pem", "ca.crt"],
      ] as const)
        copyFileSync(join(dir, "certs", from), join(dir, "secrets", name, to));
    }
  });

  async function validateAll(file: string, format: string, bundledToo: boolean): Promise<void> {
    const out = join(dir, format);
    await run(process.execPath, [BIN, "render", file, "--backend", "proxy", "--out", out, "--format", format]);
    const files = readdirSync(out);
    expect(files.length).toBeGreaterThan(1);
    for (const name of files) {
      const { stderr } = await run(envoy, ["--mode", "validate", "-c", join(out, name)], { cwd: dir });
      expect(stderr + name).not.toMatch(/\[(warning|error|critical)\]/);
      if (bundledToo)
        await run(process.execPath, [BIN, "proxy", "--mode", "validate", "-c", join(out, name)], { cwd: dir });
    }
    rmSync(out, { recursive: true });
  }

  test("the example, in YAML and in JSON", async () => {
    await validateAll(EXAMPLE, "yaml", true);
    await validateAll(EXAMPLE, "json", true);
  });

  test("a mesh that uses every feature", async () => {
    const file = join(dir, "mesh.yaml");
    writeFileSync(file, stringify(everything));
    await validateAll(file, "json", false);
  });

  test.each(casesIn(join(__dirname, "../renderers/proxy/cases")))("the golden case $name", async ({ text }) => {
    const written = render(modelOf(text)).plan.resources.map(
      ({ properties }) => properties as unknown as BootstrapProperties,
    );
    const config = written.find(({ workload }) => workload === proxyOf(text))?.bootstrap;
    writeFileSync(join(dir, "case.json"), JSON.stringify(config));
    const { stderr } = await run(envoy, ["--mode", "validate", "-c", "case.json"], { cwd: dir });
    expect(stderr).not.toMatch(/\[(warning|error|critical)\]/);
  });

  test("Envoy and the bundled proxy send the same requests to the same places", async () => {
    process.env.MESHUP_ENVOY = part("envoy");
    const places = async (engine: string): Promise<string[]> => {
      const bench = new Bench();
      bench.write({ engine });
      try {
        const { code, err } = await bench.up();
        if (code !== 0) throw new Error(err);
        const address = (await bench.status()).services[0]?.address ?? "";
        const answers = [];
        for (const path of REQUESTS) answers.push({ path, ...(await call(address, path)) });
        return answers.map(({ path, status, body }) => `${path} → ${status} ${body.version ?? ""} ${body.path ?? ""}`);
      } finally {
        await bench.end();
      }
    };
    const envoys = await places("envoy");
    expect(envoys[0]).toBe("/v1 → 200 v1 /v1");
    expect(envoys[3]).toMatch("/v10 → 404");
    expect(await places("bundled")).toEqual(envoys);
  });
});
