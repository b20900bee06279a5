import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { describePart } from "./support/parts";
import type { EngineStack, Outcome } from "./support/pulumi";

type State = Awaited<ReturnType<EngineStack["state"]>>;
type Result = Record<"late" | "first" | "broken", Outcome> & Record<"before" | "after", State>;

const stackTrace = /\n\s+at |node:internal|\.js:\d+/;

describePart("mistakes on the real engine", ["pulumi"], ({ pulumi }) => {
  let result: Result;
  beforeAll(() => {
    const script = join(__dirname, "support", "pulumi-mistakes.ts");
    const cwd = resolve(__dirname, "..", "..");
    const child = spawnSync(process.execPath, ["tools/run-ts.mjs", script, pulumi], { cwd, encoding: "utf8" });
    result = JSON.parse(child.stdout.trim().split("\n").at(-1) ?? "") as Result;
  });

  it("a piece made after an await is told as such", () => {
    expect(result.late.ok).toBe(false);
    expect(result.late.errors).toContain("MESH4002: MeshService late was made after its mesh had been rendered.");
    expect(result.late.errors).not.toMatch(stackTrace);
  });

  it("a mesh that cannot be rendered tells its mistakes, and nothing that runs is touched", () => {
    const { first, before, broken, after } = result;
    expect(first).toMatchObject({ ok: true, errors: "" });
    expect(broken.ok).toBe(false);
    expect(broken.errors).toContain("MESH4003: Mesh engine cannot run on istio:");
    expect(broken.errors).toContain("MESH0021 route echo service: unknown service eco. Did you mean echo?");
    expect(broken.errors).not.toMatch(stackTrace);
    expect(Object.keys(broken.steps)).not.toContain("delete");
    expect([...after.urns].sort()).toEqual([...before.urns].sort());
  });
});
