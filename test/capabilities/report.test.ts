import { readFileSync } from "node:fs";
import { join } from "node:path";
import { backendNames, compare, renderComparison, renderMatrix, table } from "../../src/capabilities";
import { load } from "../checks/support/mesh";

const { model } = load(`
mtls: { mode: STRICT }
services: [{ name: a, ports: [{ port: 80 }] }]
routes:
  - name: a
    service: a
    http:
      - { matches: [{ path: { prefix: /x } }], backends: [{ service: a }], timeout: 2s, retries: { attempts: 2, perTryTimeout: 500ms } }
      - { backends: [{ service: a }], timeout: 1s }
`);

describe("meshup capabilities", () => {
  it("gives the whole table as JSON", () => {
    const { features } = JSON.parse(renderMatrix("json")) as {
      features: { id: string; backends: Record<string, { status: string; form: string }> }[];
    };
    expect(features).toHaveLength(table.length);
    for (const feature of features) expect(Object.keys(feature.backends)).toEqual([...backendNames]);
    const timeout = features.find((f) => f.id === "route.timeout");
    expect(timeout?.backends.appmesh).toMatchObject({ status: "emulated", form: "folded" });
    expect(timeout?.backends.istio).toMatchObject({ status: "native", form: "separate" });
  });
  it("shows of a mesh only what it uses", () => {
    const text = renderMatrix("table", { model });
    expect(text).toContain("route.match.path.prefix");
    expect(text).not.toContain("route.filter.mirror");
  });
  it("gives reasons for one backend", () => {
    expect(renderMatrix("table", { backends: ["linkerd"] })).toMatch(
      /no +route\.filter\.mirror +the controller refuses/,
    );
  });
  it("is what docs/capabilities.md says (node tools/run-ts.mjs tools/docs/capabilities.ts writes it)", () => {
    const page = readFileSync(join(__dirname, "../../docs/capabilities.md"), "utf8");
    expect(page.endsWith(renderMatrix("markdown"))).toBe(true);
  });
});

describe("moving from one backend to another", () => {
  const changes = compare(model, "appmesh", "vpc-lattice");
  it("lists what this mesh loses, at each place", () => {
    expect(changes.find((c) => c.feature.id === "route.timeout")).toMatchObject({
      change: "lost",
      paths: ["routes[0].http[0]", "routes[0].http[1]"],
    });
    expect(changes.find((c) => c.feature.id === "route.retries")).toMatchObject({
      change: "lost",
      paths: ["routes[0].http[0].retries"],
    });
    expect(changes.find((c) => c.feature.id === "mtls.strict")?.change).toBe("lost");
  });
  it("says nothing of what stays, nor of what this mesh does not use", () => {
    expect(changes.some((c) => c.feature.id === "route.http")).toBe(false);
    expect(changes.some((c) => c.feature.id === "route.tcp")).toBe(false);
  });
  it("tells gains the other way round", () => {
    expect(
      compare(model, "vpc-lattice", "appmesh").every((c) => c.change === "gained" || c.change === "different"),
    ).toBe(true);
  });
  it("prints every place", () => {
    const text = renderComparison(changes, "appmesh", "vpc-lattice", "table");
    expect(text).toMatch(/^Lost from appmesh to vpc-lattice:\n/);
    for (const change of changes) for (const path of change.paths) expect(text).toContain(`    ${path}\n`);
    expect(renderComparison([], "istio", "proxy", "table")).toBe(
      "Nothing changes for this mesh from istio to proxy.\n",
    );
    const json = JSON.parse(renderComparison(changes, "appmesh", "vpc-lattice", "json")) as { changes: unknown[] };
    expect(json.changes).toHaveLength(changes.length);
  });
});
