import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile } from "../../components/compile";
import { levelsFor } from "../../components/levels";

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "meshup-levels-"))));
afterEach(() => rmSync(directory, { recursive: true }));
const write = (text: string): void => writeFileSync(join(directory, ".meshuprc.yaml"), text);

/** App Mesh ended: MESH1140 warns wherever nobody says otherwise. */
const mesh = {
  apiVersion: "meshup/v1",
  kind: "Mesh",
  metadata: { name: "shop", namespace: "shop" },
  spec: { backends: { appmesh: {} }, services: [{ name: "cart", ports: [{ port: 80 }], versions: [{ name: "v1" }] }] },
};
const levelOf = (code: string) =>
  compile(mesh, "appmesh", levelsFor(join(directory, "deep"))).findings.find((finding) => finding.code === code)?.level;

it("takes the levels of the nearest .meshuprc.yaml above", () => {
  mkdirSync(join(directory, "deep"));
  expect(levelOf("MESH1140")).toBe("warning");
  write("checks: { MESH1140: error }\n");
  expect(levelOf("MESH1140")).toBe("error");
  write("checks: { MESH1140: off }\n");
  expect(levelOf("MESH1140")).toBeUndefined();
});

it("tells what is wrong with the file as an error of the mesh", () => {
  write("checks: { MESH1140: loud }\n");
  expect(levelOf("MESH1903")).toBe("error");
  write("checks: [\n");
  expect(levelOf("MESH1903")).toBe("error");
});
