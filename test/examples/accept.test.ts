import { readFileSync } from "node:fs";
import { join } from "node:path";
import { backendNames, checkCapabilities, table } from "../../src/capabilities";
import type { BackendName, Model } from "../../src/model";
import { RENDERERS } from "../../src/renderers";
import { modelOf } from "../renderers/support/golden";

const names = ["mesh-up", "shop"];
const models = new Map<string, Model>();
function example(name: string): Model {
  const file = join(__dirname, "../../examples", name, "mesh.yaml");
  const model = models.get(name) ?? modelOf(readFileSync(file, "utf8"), file);
  models.set(name, model);
  return model;
}

/** What would stop the mesh on this backend if nothing were accepted. */
function errorsOf(model: Model, backend: BackendName): string[] {
  const { accept: _accept, ...settings } = model.backends[backend] ?? { install: "none", settings: {} };
  const bare = { ...model, backends: { ...model.backends, [backend]: { ...settings, accept: [] } } };
  const errors = checkCapabilities(bare, backend).filter(({ level }) => level === "error");
  return table.map(({ id }) => id).filter((id) => errors.some(({ message }) => message.includes(`(${id})`)));
}

describe.each(names)("examples/%s", (name) => {
  it.each(backendNames)("accepts on %s exactly what it would be refused for, each with a reason", (backend) => {
    const accepted = example(name).backends[backend]?.accept ?? [];
    expect(accepted.map(({ feature }) => feature).sort()).toEqual(errorsOf(example(name), backend).sort());
    for (const { reason } of accepted) expect(reason.split(" ").length).toBeGreaterThan(1);
    const codes = checkCapabilities(example(name), backend).map(({ code, level }) => ({ code, level }));
    for (const { code, level } of codes) {
      expect(level).not.toBe("error");
      expect(["MESH2006", "MESH2007"]).not.toContain(code);
    }
    const rendered = RENDERERS[backend]?.(example(name));
    expect(rendered?.plan.resources.length).toBeGreaterThan(0);
    expect(rendered?.findings.filter(({ level }) => level === "error")).toEqual([]);
  });
});
