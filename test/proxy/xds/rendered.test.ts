import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadMesh } from "../../../src/model";
import { BOOTSTRAP, type BootstrapProperties, render } from "../../../src/renderers/proxy";
import { refusalsOf } from "./refusals";

/** Paths of what the bundled proxy does not take, of every proxy of an example. */
function refused(example: string): string[] {
  const text = readFileSync(join(__dirname, "../../../examples", example, "mesh.yaml"), "utf8");
  const { model } = loadMesh(text);
  if (model === undefined) throw new Error(`${example} is no mesh`);
  const found = render(model).plan.resources.filter((r) => r.type === BOOTSTRAP);
  expect(found.length).toBeGreaterThan(1);
  return found.flatMap(({ properties }) => refusalsOf((properties as unknown as BootstrapProperties).bootstrap));
}

test("every proxy of the first example is served", () => {
  expect(refused("mesh-up")).toEqual([]);
});

test("a mesh that uses every feature is served, as far as it was not said that it is not", () => {
  expect(refused("shop")).toEqual([]);
});
