import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checkCapabilities } from "../../src/capabilities";
import type { Model } from "../../src/model";
import { manifestsOf } from "../../src/plan";
import { render } from "../../src/renderers/linkerd";
import { casesIn, modelOf } from "../renderers/support/golden";
import { KubernetesApi, type Manifest } from "./support/kubernetes";
import { linkerdCrds } from "./support/linkerd-crds";
import { describePart } from "./support/parts";

const title = "Linkerd's CRDs on a real API server";
const crds = linkerdCrds(title);
const examples = ["mesh-up", "shop"].map((name) => ({
  name: `examples/${name}`,
  text: readFileSync(join(__dirname, "../../examples", name, "mesh.yaml"), "utf8"),
}));
const meshes = [...casesIn(join(__dirname, "../renderers/linkerd/cases")), ...examples];

(crds === undefined ? describe.skip : describe)("linkerd", () => {
  describePart(title, ["etcd", "kubeApiserver"], (paths) => {
    let api: KubernetesApi;
    const namespaces = new Set<string>();
    beforeAll(async () => {
      api = await KubernetesApi.start(paths);
      const file = join(mkdtempSync(join(tmpdir(), "meshup-crds-")), "crds.yaml");
      writeFileSync(file, crds ?? "");
      await api.applyCrds(file);
      rmSync(dirname(file), { recursive: true });
    }, 120_000);
    afterAll(() => api?.stop());

    /** Strict validation: an unknown field, a broken schema or a broken CEL rule is refused. */
    async function refused(manifests: readonly Manifest[]): Promise<string[]> {
      const wrong: string[] = [];
      for (const { metadata } of manifests) {
        const { namespace } = metadata;
        if (namespace === undefined || namespaces.has(namespace)) continue;
        namespaces.add(namespace);
        await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
      }
      for (const manifest of manifests) {
        const { status, body } = await api.apply(manifest);
        if (status >= 300) wrong.push(`${manifest.kind} ${manifest.metadata.name}: ${status} ${String(body.message)}`);
      }
      for (const manifest of [...manifests].reverse()) await api.delete(manifest);
      return wrong;
    }
    const written = (model: Model): readonly Manifest[] =>
      manifestsOf(render(model).plan).filter(({ kind }) => kind !== "Namespace") as unknown as readonly Manifest[];

    it.each(meshes)("takes every resource of $name", async ({ text }) => {
      const manifests = written(modelOf(text));
      expect(await refused(manifests)).toEqual([]);
      expect(manifests.length).toBeGreaterThan(0);
    });

    it.each(examples)("$name is rendered with nothing lost that was not accepted", ({ text }) => {
      const model = modelOf(text);
      const found = [...render(model).findings, ...checkCapabilities(model, "linkerd")];
      expect(found.filter(({ level }) => level === "error")).toEqual([]);
    });

    it("refuses what is newer than Gateway API 1.2.1, so that taking says something", async () => {
      const route = written(modelOf(meshes.find(({ name }) => name === "versions")?.text ?? "")).find(
        ({ kind }) => kind === "HTTPRoute",
      );
      const spec = route?.spec as { readonly rules: readonly object[] };
      const cors = [{ type: "CORS", cors: { allowOrigins: ["https://shop.example"] } }];
      const newer = { ...route, spec: { ...spec, rules: [{ ...spec.rules[0], filters: cors }] } } as Manifest;
      expect(await refused([newer])).toEqual([expect.stringMatching(/cors: field not declared in schema/)]);
    });
  });
});
