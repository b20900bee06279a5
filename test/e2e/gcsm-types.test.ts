import { readFileSync } from "node:fs";
import { join } from "node:path";
import { render } from "../../src/renderers/gcsm";
import { casesIn, modelOf } from "../renderers/support/golden";
import { typeMistakes } from "./support/pulumi-types";

const root = join(__dirname, "../..");
const meshes = [
  ...casesIn(join(root, "test/renderers/gcsm/cases")).map(({ text }) => text),
  ...["mesh-up", "shop"].map((name) => readFileSync(join(root, "examples", name, "mesh.yaml"), "utf8")),
];

/** The provider's own types, @pulumi/gcp: names and kinds of every property. */
it("the Google provider takes every property, and would tell of a field that is none of its own", () => {
  const resources = meshes.flatMap((text) => render(modelOf(text)).plan.resources);
  const mesh = resources.find(({ type }) => type.endsWith(":Mesh"));
  if (mesh === undefined) throw new Error("no mesh");
  const wrong = { ...mesh, id: "a mesh with a mistake", properties: { ...mesh.properties, interception: 1 } };
  expect(typeMistakes([...resources, wrong])).toEqual([
    expect.stringMatching(/^a mesh with a mistake: .*interception.*does not exist/),
  ]);
}, 120_000);
