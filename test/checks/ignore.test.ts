import { applyIgnores, readIgnores, runChecks } from "../../src/checks";
import { loadMesh } from "../../src/model";

const mesh = (comment: string, after = "") => `apiVersion: meshup/v1
kind: Mesh
metadata: { name: example }
spec:
  services:
    - name: cart
      ports: [{ port: 80 }]
      versions:
        - name: v1
          workload:
            ${comment}
            serviceAccount: default${after}
`;
function findings(text: string) {
  const { model, locate } = loadMesh(text, { file: "mesh.yaml" });
  if (!model) throw new Error("does not load");
  return applyIgnores(text, runChecks(model).map(locate), "mesh.yaml");
}
const codes = (text: string) => findings(text).map((f) => f.code);

describe("# meshup-ignore", () => {
  it("takes a finding out from the line above", () => {
    expect(codes(mesh("# nothing"))).toContain("MESH1101");
    expect(codes(mesh("# meshup-ignore MESH1101: the old cluster has one account"))).not.toContain("MESH1101");
  });
  it("takes a finding out at the end of its line", () => {
    expect(codes(mesh("# nothing", " # meshup-ignore MESH1101: one account"))).not.toContain("MESH1101");
  });
  it("knows checks by name, and several at once", () => {
    expect(codes(mesh("# meshup-ignore default-service-account, MESH1103: why", ""))).not.toContain("MESH1101");
  });
  it("without a reason ignores nothing and is itself an error", () => {
    const found = findings(mesh("# meshup-ignore MESH1101"));
    expect(found.map((f) => f.code)).toContain("MESH1101");
    expect(found.find((f) => f.code === "MESH1900")).toMatchObject({ level: "error", line: 11, file: "mesh.yaml" });
  });
  it("that ignores nothing is a warning", () => {
    const found = findings(mesh("# meshup-ignore MESH1012: no longer"));
    expect(found.find((f) => f.code === "MESH1901")).toMatchObject({ level: "warning", line: 11 });
  });
  it("of no check is a warning, for structure and losses cannot be ignored", () => {
    expect(codes(mesh("# meshup-ignore MESH0010: please"))).toContain("MESH1902");
  });
  it("reaches over further comments and empty lines", () => {
    const [ignore] = readIgnores("# meshup-ignore MESH1101: a\n\n# more\nkey: 1\n");
    expect(ignore).toMatchObject({ code: "MESH1101", reason: "a", line: 1, target: 4 });
  });
  it("is read as a comment only", () => {
    expect(readIgnores('key: "meshup-ignore MESH1101: a"\nother: a#meshup-ignore MESH1101: b')).toEqual([]);
  });
});
