import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkCapabilities } from "../../../src/capabilities";
import { applyIgnores, checks, runChecks } from "../../../src/checks";
import { fromObject, jsonSchema, loadMesh } from "../../../src/model";
import { mutate } from "./mutate";
import { mutations } from "./mutations";
import { unusedProperties } from "./schema-use";

const file = join(__dirname, "../../../examples/shop/mesh.yaml");
const text = readFileSync(file, "utf8");
const { model, findings, locate } = loadMesh(text, { file });

describe("the shop", () => {
  it("has nothing against it, and says why one of its backends has ended and is shown all the same", () => {
    expect(findings).toEqual([]);
    const found = model ? runChecks(model).map(locate) : [];
    expect(found.map(({ code, path }) => `${code} ${path}`)).toEqual(["MESH1140 backends.appmesh"]);
    expect(applyIgnores(text, found)).toEqual([]);
    expect(text.match(/meshup-ignore/g)).toHaveLength(1);
  });
  it("has at least twelve services, over HTTP, gRPC, TCP and TLS", () => {
    expect(model?.services.length).toBeGreaterThanOrEqual(12);
    expect(new Set(model?.routes.map((r) => r.kind))).toEqual(new Set(["http", "grpc", "tcp", "tls"]));
  });
  it("uses every property of the model", () => {
    expect(unusedProperties(jsonSchema(), model?.source)).toEqual([]);
  });
  it.each(["istio", "proxy"] as const)("is rendered for %s with the losses it accepts, and no other", (backend) => {
    const losses = model ? checkCapabilities(model, backend) : [];
    expect(losses.filter((f) => f.level === "error" || f.code === "MESH2006")).toEqual([]);
  });
});

describe("one mistake in the shop", () => {
  it("is made for every rule", () => {
    expect(Object.keys(mutations).sort()).toEqual(checks.map((c) => c.code).sort());
  });
  it.each(Object.entries(mutations))("%s is found", (code, changes) => {
    const loaded = fromObject(mutate(model?.source, changes));
    expect(loaded.findings.filter((f) => f.level === "error")).toEqual([]);
    const found = loaded.model ? runChecks(loaded.model).map((f) => f.code) : [];
    expect(found).toContain(code);
  });
});
