import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseAllDocuments } from "yaml";
import { execute } from "../../src/cli/main";
import { readBootstrap } from "../../src/proxy/xds/bootstrap";

const EXAMPLE = resolve(__dirname, "../../examples/mesh-up/mesh.yaml");
let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), "meshup-"))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function meshup(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const code = await execute(argv, { out: (text) => void (out += text), err: (text) => void (err += text) });
  return { code, out, err };
}
const file = (text: string): string => {
  const path = join(dir, "mesh.yaml");
  writeFileSync(path, text);
  return path;
};

describe("exit codes: 0 clean, 1 errors, 2 usage", () => {
  test.each([
    ["a clean mesh", ["validate", EXAMPLE], 0],
    ["help", ["--help"], 0],
    ["a mesh with mistakes", ["validate", "BROKEN"], 1],
    ["no such file", ["validate", "nowhere.yaml"], 2],
    ["no file", ["validate"], 2],
    ["no such command", ["vaildate", EXAMPLE], 2],
    ["no such option", ["validate", EXAMPLE, "--strict"], 2],
    ["no such backend", ["render", EXAMPLE, "--backend", "consul"], 2],
    ["no backend", ["render", EXAMPLE], 2],
    ["no such format", ["validate", EXAMPLE, "--format", "xml"], 2],
    ["a directory", ["validate", tmpdir()], 2],
  ])("%s", async (_, argv, code) => {
    const broken = file("apiVersion: meshup/v1\nkind: Mesh\n");
    const result = await meshup(...argv.map((arg) => (arg === "BROKEN" ? broken : arg)));
    expect({ code: result.code, said: (result.out + result.err).length > 0 }).toEqual({ code, said: true });
    expect(result.err).not.toMatch(/^\s+at /m);
  });
});

describe("validate", () => {
  const BAD = readFileSync(EXAMPLE, "utf8").replace(
    "version: v2, port: 80, weight: 0",
    "version: v3, port: 80, weight: 0",
  );

  test("text: file, line, column, path, level, code, message, and the remedy below", async () => {
    const path = file(BAD);
    const { code, err } = await meshup("validate", path);
    expect(code).toBe(1);
    expect(err).toMatch(
      /mesh\.yaml:\d+:\d+ routes\[0\]\.http\[0\]\.backends\[1\]\.version: error MESH0022 mesh-service has no version v3\n/,
    );
    expect(err).toMatch(/\n {4}Did you mean v1\?\n$/);
  });

  test("JSON: findings with all eight keys, on standard output alone", async () => {
    const { code, out, err } = await meshup("validate", file(BAD), "--format", "json");
    const { findings } = JSON.parse(out) as { findings: Record<string, unknown>[] };
    expect([code, err]).toEqual([1, ""]);
    const found = findings.find((f) => f.code === "MESH0022");
    expect(Object.keys(found ?? {})).toEqual(["code", "level", "path", "message", "remedy", "file", "line", "column"]);
    expect(found).toMatchObject({
      level: "error",
      path: "routes[0].http[0].backends[1].version",
      line: expect.any(Number),
    });
  });

  test.each([
    ["an empty file", "", "MESH0001"],
    ["broken YAML", "apiVersion: [", "MESH0003"],
    ["50 MB", "#".repeat(50 * 1024 * 1024), "MESH0002"],
  ])("%s is one clear finding", async (_, text, code) => {
    const { out, code: exit } = await meshup("validate", file(text), "--format=json");
    expect(exit).toBe(1);
    expect((JSON.parse(out) as { findings: { code: string }[] }).findings.map((f) => f.code)).toEqual([code]);
  });

  test("errors of the checks do not hide what the backend cannot do", async () => {
    const asleep = readFileSync(EXAMPLE, "utf8").replace("replicas: 3", "replicas: 0");
    const path = file(asleep.replace("policy: LEAST_REQUEST", "policy: PEAK_EWMA"));
    const { code, out } = await meshup("validate", path, "--backend", "istio", "--format", "json");
    const { findings } = JSON.parse(out) as { findings: { code: string; path: string }[] };
    expect(code).toBe(1);
    expect(findings).toContainEqual(expect.objectContaining({ code: "MESH1013", level: "error" }));
    const losses = findings.filter((f) => f.code.startsWith("MESH20")).map((f) => f.path);
    expect(losses).toContain("services[0].traffic.loadBalancing.policy");
  });
});

describe("render", () => {
  test("the proxies' configurations as files that the data plane reads", async () => {
    const out = join(dir, "out");
    expect((await meshup("render", EXAMPLE, "--backend", "proxy", "--out", out, "--format", "json")).code).toBe(0);
    const files = readdirSync(out).sort();
    expect(files).toEqual([
      "mesh-namespace-mesh-deployment-0.json",
      "mesh-namespace-mesh-deployment-1.json",
      "mesh-namespace-mesh-deployment-2.json",
      "mesh-namespace-mesh-deployment-v2-0.json",
      "mesh-namespace-meshup-client-0.json",
    ]);
    for (const name of files)
      expect(readBootstrap({ text: readFileSync(join(out, name), "utf8") })).toMatchObject({ ok: true });
  });

  test("without --out one YAML document a resource, or one JSON value", async () => {
    const yaml = await meshup("render", EXAMPLE, "-b", "proxy");
    expect(parseAllDocuments(yaml.out)).toHaveLength(5);
    const json = await meshup("render", EXAMPLE, "-b", "proxy", "--format", "json");
    expect(JSON.parse(json.out)).toEqual(parseAllDocuments(yaml.out).map((document) => document.toJS() as unknown));
  });

  test("what a backend cannot say stops it before a file is written", async () => {
    const lossy = readFileSync(EXAMPLE, "utf8").replace(
      "matches: [{ path: { prefix: /v1 } }]",
      "matches: [{ query: [{ name: q, exact: a, negate: true }] }]",
    );
    const out = join(dir, "out");
    const { code, err } = await meshup("render", file(lossy), "-b", "proxy", "--out", out);
    expect([code, err]).toEqual([1, expect.stringMatching(/error MESH2\d{3} .*query parameter/i)]);
    expect(readdirSync(dir)).not.toContain("out");
  });
});
