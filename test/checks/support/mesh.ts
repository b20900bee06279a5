import { loadMesh, type Finding, type Model } from "../../../src/model";

/** A mesh file whose `spec` is the given YAML. */
export const document = (spec: string): string =>
  [
    "apiVersion: meshup/v1",
    "kind: Mesh",
    "metadata: { name: example, namespace: shop }",
    "spec:",
    ...spec
      .trim()
      .split("\n")
      .map((line) => `  ${line}`),
    "",
  ].join("\n");

/** The model of a mesh that must load; what the loader says against it fails the test. */
export function load(spec: string): { model: Model; locate: (finding: Finding) => Finding } {
  const { model, findings, locate } = loadMesh(document(spec), { file: "mesh.yaml" });
  if (!model)
    throw new Error(`The example does not load:\n${findings.map((f) => `${f.path}: ${f.message}`).join("\n")}`);
  return { model, locate };
}
