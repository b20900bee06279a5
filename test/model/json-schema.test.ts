import Ajv from "ajv/dist/2020";
import * as fc from "fast-check";
import { parseAllDocuments } from "yaml";
import { readFileSync } from "node:fs";
import { jsonSchema } from "../../src/model";
import { checkShape } from "../../src/model/shape";
import { meshDocument } from "./support/arbitrary";

const ajv = new Ajv({ allErrors: false, strict: false });
const accepts = ajv.compile(jsonSchema());

describe("the JSON Schema", () => {
  it("accepts the example", () => {
    const [document] = parseAllDocuments(readFileSync("examples/mesh-up/mesh.yaml", "utf8"));
    expect(accepts(document?.toJS())).toBe(true);
  });

  it("accepts every valid mesh", () => {
    fc.assert(
      fc.property(meshDocument(), (document) => accepts(JSON.parse(JSON.stringify(document)))),
      { numRuns: 50 },
    );
  });

  it("agrees with the loader on every mesh with one part changed", () => {
    fc.assert(
      fc.property(
        meshDocument(2),
        fc.oneof(fc.jsonValue(), fc.constantFrom(0, -1, 80, 70000, "", "1s", "STRICT", {}, [])),
        fc.nat(),
        (document, value, pick) => {
          const changed = JSON.parse(JSON.stringify(document)) as { spec: object };
          const slots: [object, string][] = [];
          const walk = (at: object) => {
            for (const [key, inner] of Object.entries(at)) {
              slots.push([at, key]);
              if (typeof inner === "object" && inner !== null) walk(inner as object);
            }
          };
          walk(changed.spec);
          const [at, key] = slots[pick % slots.length] as [Record<string, unknown>, string];
          at[key] = value;
          expect(accepts(changed)).toBe(checkShape(changed).findings.length === 0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    ["MeshService", { ports: [{ port: 80 }] }, true],
    ["MeshService", { prots: [{ port: 80 }] }, false],
    ["MtlsPolicy", { target: { service: "a" }, mode: "STRICT" }, true],
    ["MtlsPolicy", { mode: "STRIC" }, false],
  ])("knows the separate document %s: %j", (kind, spec, right) => {
    expect(accepts({ apiVersion: "meshup/v1", kind, metadata: { name: "a" }, spec })).toBe(right);
  });

  it("describes every field", () => {
    const bare: string[] = [];
    const walk = (schema: Record<string, unknown>, path: string) => {
      for (const [key, field] of Object.entries(
        (schema["properties"] ?? {}) as Record<string, Record<string, unknown>>,
      )) {
        const exempt = path === "" || /^(name|namespace)$/.test(key);
        if (!exempt && typeof field["description"] !== "string") bare.push(`${path}.${key}`);
        walk(field, `${path}.${key}`);
      }
      for (const inner of [schema["items"], ...((schema["anyOf"] ?? []) as object[])])
        if (inner) walk(inner as Record<string, unknown>, path);
      for (const [name, inner] of Object.entries((schema["$defs"] ?? {}) as Record<string, Record<string, unknown>>))
        walk(inner, name);
    };
    walk(jsonSchema() as Record<string, unknown>, "");
    expect(bare).toEqual([]);
  });
});
