import * as fc from "fast-check";
import { fromObject, loadMesh, writeDocument, writeMesh } from "../../src/model";
import { meshDocument } from "./support/arbitrary";
import { paths, replaced } from "./support/places";

describe("YAML → model → YAML", () => {
  it("loads every mesh that the arbitrary makes, without a finding", () => {
    fc.assert(
      fc.property(meshDocument(), (document) => {
        expect(fromObject(document).findings).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it("gives the same model from the object, from its YAML and from the model's YAML", () => {
    fc.assert(
      fc.property(meshDocument(), (document) => {
        const model = fromObject(document).model;
        const read = loadMesh(writeDocument(document)).model;
        expect(read).toEqual(model);
        if (read === undefined) throw new Error("not loaded");
        expect(loadMesh(writeMesh(read)).model).toEqual(model);
      }),
      { numRuns: 50 },
    );
  });

  it("refuses to write a value that is only known at deployment, by its path", () => {
    const image = Promise.resolve("x");
    const workload = { container: { image } };
    const services = [{ name: "a", ports: [{ port: 80 }], versions: [{ name: "v1", workload }] }];
    const document = { apiVersion: "meshup/v1", kind: "Mesh", metadata: { name: "m" }, spec: { services } } as const;
    expect(() => writeDocument(document as never)).toThrow("spec.services[0].versions[0].workload.container.image");
  });
});

describe("fromObject", () => {
  it("never throws and never changes its input, whatever the JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const before = JSON.stringify(value);
        expect(Array.isArray(fromObject(value).findings)).toBe(true);
        expect(JSON.stringify(value)).toBe(before);
      }),
      { numRuns: 200 },
    );
  });

  it("never throws on a mesh with any part replaced by any JSON, and says where", () => {
    fc.assert(
      fc.property(meshDocument(3), fc.jsonValue(), fc.nat(), (document, value, pick) => {
        const places = paths(document);
        const place = places[pick % places.length] as (string | number)[];
        const changed = replaced(document, place, value);
        const { model, findings } = fromObject(changed);
        expect(model !== undefined).toBe(findings.every((finding) => finding.level !== "error"));
        for (const finding of findings) expect(finding.remedy).not.toBe("");
      }),
      { numRuns: 300 },
    );
  });

  it("never throws on text that is hardly YAML", () => {
    const line = fc.constantFrom(
      "apiVersion: meshup/v1",
      "kind: Mesh",
      "metadata: { name: m }",
      "spec:",
      "  services:",
      "   - name: a",
      "    - &x [*x",
      "\tx",
      "---",
      '"',
      "? - : -",
      "<<: *a",
      "!!binary x",
      "%YAML 9",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string()), { maxLength: 12 }), (lines) => {
        const { model, findings } = loadMesh(lines.join("\n"), { file: "mesh.yaml" });
        expect(model !== undefined || findings.length > 0).toBe(true);
        for (const finding of findings) expect(finding.line).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  it("passes values known at deployment through untouched", () => {
    const image = Promise.resolve("image");
    const vpcId = { apply: () => "vpc-1" };
    const workload = { container: { image, env: { URL: vpcId } } };
    const { model, findings } = fromObject({
      apiVersion: "meshup/v1",
      kind: "Mesh",
      metadata: { name: "m" },
      spec: {
        backends: { "vpc-lattice": { vpcId } },
        services: [{ name: "a", ports: [{ port: 80 }], versions: [{ name: "v1", workload }] }],
      },
    });
    expect(findings).toEqual([]);
    const container = model?.services[0]?.versions[0]?.workload?.container;
    expect(container?.image).toBe(image);
    expect(container?.env["URL"]).toBe(vpcId);
    expect(model?.backends["vpc-lattice"]?.settings["vpcId"]).toBe(vpcId);
  });
});
