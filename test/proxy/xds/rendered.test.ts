import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadMesh } from "../../../src/model";
import { DownstreamStats } from "../../../src/proxy/core/stats";
import { allAtOnce } from "../../../src/proxy/xds/steps";
import { readBootstrap } from "../../../src/proxy/xds/bootstrap";
import { compile, type CompileServices } from "../../../src/proxy/xds/compile";
import { BOOTSTRAP, type BootstrapProperties, render } from "../../../src/renderers/proxy";

const services: CompileServices = {
  downstreamTls: () => ({ key: "", accept: () => undefined }),
  upstreamTls: () => ({
    key: "",
    generation: 0,
    connect: () => {
      throw new Error("nothing is dialled here");
    },
  }),
  accessLog: () => ({ onRequest: () => undefined }),
  audit: { denied: () => undefined },
  downstreamStats: () => new DownstreamStats(),
};

/** Paths of what the bundled proxy does not take, of every proxy of an example. */
function refused(example: string): string[] {
  const text = readFileSync(join(__dirname, "../../../examples", example, "mesh.yaml"), "utf8");
  const { model } = loadMesh(text);
  if (model === undefined) throw new Error(`${example} is no mesh`);
  const found = render(model).plan.resources.filter((r) => r.type === BOOTSTRAP);
  expect(found.length).toBeGreaterThan(1);
  const refusals: string[] = [];
  for (const resource of found) {
    const { bootstrap } = resource.properties as unknown as BootstrapProperties;
    const read = readBootstrap({ value: bootstrap });
    const result = read.ok ? allAtOnce(compile(read.bootstrap, services)) : read;
    if (!result.ok) refusals.push(...result.errors.map((e) => `${e.path}: ${e.message}`));
  }
  return refusals;
}

test("every proxy of the first example is served", () => {
  expect(refused("mesh-up")).toEqual([]);
});

test("a mesh that uses every feature is served, as far as it was not said that it is not", () => {
  expect(refused("shop")).toEqual([]);
});
