import { readFileSync } from "node:fs";
import { join } from "node:path";
import { manifestsOf } from "../../src/plan";
import { type Flavour, render } from "../../src/renderers/istio";
import { casesIn, modelOf } from "../renderers/support/golden";
import { KubernetesApi, type Manifest } from "./support/kubernetes";
import { describePart } from "./support/parts";

const root = join(__dirname, "../..");
const example = (name: string): { name: string; text: string } => ({
  name: `examples/${name}`,
  text: readFileSync(join(root, "examples", name, "mesh.yaml"), "utf8"),
});
const meshes = [...casesIn(join(root, "test/renderers/istio/cases")), example("mesh-up"), example("shop")];
const flavours: readonly Flavour[] = ["mesh", "managed-csm"];

describePart("a real API server with Istio's CRDs", ["etcd", "kubeApiserver", "istioCrds"], (paths) => {
  let api: KubernetesApi;
  beforeAll(async () => {
    api = await KubernetesApi.start(paths);
    await api.applyCrds(paths.istioCrds);
  });
  afterAll(() => api.stop());

  const manifests = (text: string, flavour: Flavour = "mesh"): readonly Manifest[] =>
    manifestsOf(render(modelOf(text), { flavour }).plan) as unknown as readonly Manifest[];

  /** Namespaces that the mesh expects of others. Its own come with its Plan, before what is in them. */
  async function foreignNamespaces(all: readonly Manifest[]): Promise<void> {
    const own = new Set(all.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata.name));
    for (const { metadata } of all)
      if (metadata.namespace !== undefined && !own.has(metadata.namespace))
        await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: metadata.namespace } });
  }

  describe.each(flavours)("as flavour %s", (flavour) => {
    it.each(meshes)("takes $name in the Plan's order: every field known, every rule kept", async ({ text }) => {
      const all = manifests(text, flavour);
      expect(all.length).toBeGreaterThan(0);
      await foreignNamespaces(all);
      const refused: unknown[] = [];
      for (const manifest of all) {
        const { status, body } = await api.apply(manifest);
        if (status >= 300) refused.push([manifest.kind, manifest.metadata.name, status, body.message]);
      }
      expect(refused).toEqual([]);
      // What the server keeps is what was said: nothing pruned, nothing defaulted over it.
      for (const manifest of all.filter(({ apiVersion }) => apiVersion.includes("istio.io")))
        expect((await api.get(manifest)).body.spec).toEqual(manifest.spec);
    });
  });

  it("refuses a field that Istio does not know, a value out of range and a missing namespace", async () => {
    const all = manifests(example("mesh-up").text);
    await foreignNamespaces(all);
    const route = all.find(({ kind }) => kind === "VirtualService") as Manifest;
    const spec = route.spec as { readonly http: readonly object[] };
    const withRule = (rule: object): Manifest => ({
      ...route,
      spec: { ...spec, http: [{ ...spec.http[0], ...rule }] },
    });
    // Server-side apply answers 500 to what its schema does not declare.
    expect((await api.apply(withRule({ timeOut: "1s" }))).body.message).toMatch(
      /timeOut: field not declared in schema/,
    );
    expect((await api.apply(withRule({ timeout: "0.1ms" }))).status).toBe(422);
    const nowhere = { ...route, metadata: { ...route.metadata, namespace: "nobody-made-it" } };
    expect((await api.apply(nowhere)).status).toBe(404);
  });
});
