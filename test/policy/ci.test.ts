import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { configOf, type PackConfig } from "../../policy/config";
import { ruleByName, rules } from "../../policy/rules";
import { execute } from "../../src/cli/main";

const root = resolve(__dirname, "..", "..");
const ci = join(root, "examples", "ci");
const read = (path: string): Record<string, unknown> =>
  parse(readFileSync(join(ci, path), "utf8")) as Record<string, unknown>;

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}
interface Job {
  readonly needs?: string | readonly string[];
  readonly steps?: readonly Step[];
  readonly script?: readonly string[];
}
const github = read("github/mesh.yml") as { env: Record<string, string>; jobs: Record<string, Job> };
const gitlab = read("gitlab/.gitlab-ci.yml");
const keywords = new Set(["default", "variables", "workflow", "stages", "include"]);
const gitlabJobs = Object.entries(gitlab).filter(([name]) => !keywords.has(name)) as [string, Job][];

const githubScripts = Object.values(github.jobs).flatMap(({ steps = [] }) => steps.flatMap(({ run }) => run ?? []));
const gitlabScripts = gitlabJobs.flatMap(([, { script = [] }]) => script);
/** The calls of `meshup` in a script, each up to what the shell does with it. */
const calls = (scripts: readonly string[]): string[] =>
  scripts.flatMap((script) => [...script.matchAll(/npx meshup ([^\n>|;&]+)/g)].map(([, call = ""]) => call.trim()));

describe.each([
  ["GitHub", github.env, githubScripts],
  ["GitLab", gitlab.variables as Record<string, string>, gitlabScripts],
])("%s", (_, env, scripts) => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "meshup-ci-"));
    mkdirSync(join(directory, "manifests"));
    writeFileSync(join(directory, "manifests", "cart.yaml"), ruleByName("client-tls")?.example.right ?? "");
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("validates, previews with the pack, and comments the cost", () => {
    const text = calls(scripts).join("\n");
    for (const command of ["validate", "policy check", "cost diff", "cost"]) expect(text).toContain(`${command} `);
    expect(text).toContain('--budget "$MESH_BUDGET"');
  });
  it.each(calls(scripts))(
    "meshup %s is a call that the command takes, and that passes for an example",
    async (call) => {
      const mesh = join(root, "examples", "mesh-up", "mesh.yaml");
      const own: Readonly<Record<string, string>> = {
        ...env,
        MESH_FILE: mesh,
        MESH_MANIFESTS: join(directory, "manifests"),
        MESH_BUDGET: "5000",
      };
      const words = call.split(/\s+/).map((word) => word.replaceAll('"', ""));
      const argv = words.map((word) => {
        if (word === "policies.json") return join(ci, word);
        if (word === "before.yaml") return mesh;
        return word.replace(/^\$(\w+)$/, (_whole, name: string) => own[name] ?? `no variable ${name}`);
      });
      let err = "";
      const code = await execute(argv, { out: () => undefined, err: (text) => void (err += text) });
      expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
    },
  );
});

describe("the GitHub workflow", () => {
  it("has jobs whose steps use an action or run something, after jobs that are there", () => {
    for (const job of Object.values(github.jobs)) {
      expect(job).toHaveProperty("runs-on");
      for (const name of [job.needs ?? []].flat()) expect(Object.keys(github.jobs)).toContain(name);
      for (const step of job.steps ?? []) {
        expect([step.uses, step.run].filter((one) => one !== undefined)).toHaveLength(1);
        if (step.uses !== undefined) expect(step.uses).toMatch(/^[\w-]+\/[\w/-]+@v\d+$/);
      }
    }
  });
  it("reads only variables that it sets, and GitHub's own", () => {
    for (const { steps = [] } of Object.values(github.jobs))
      for (const { run = "", env = {} } of steps)
        for (const [, name = ""] of run.matchAll(/\$([A-Z]\w*)/g))
          expect([...Object.keys(github.env), ...Object.keys(env), "GITHUB_BASE_REF"]).toContain(name);
  });
});

describe("the GitLab pipeline", () => {
  it("has jobs with a script, after jobs that are there", () => {
    const names = gitlabJobs.map(([name]) => name);
    for (const [, { script, needs = [] }] of gitlabJobs) {
      expect(script?.every((line) => typeof line === "string")).toBe(true);
      for (const name of [needs].flat()) expect(names).toContain(name);
    }
  });
});

it("policies.json configures policies that exist, with settings that they have", () => {
  const pack = JSON.parse(readFileSync(join(ci, "policies.json"), "utf8")) as PackConfig;
  for (const name of Object.keys(pack)) expect([name, ruleByName(name)?.name]).toEqual([name, name]);
  expect(rules.flatMap((rule) => configOf(rule, pack).problems)).toEqual([]);
});
