import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { codes as programCodes } from "../../components/errors";
import { explainCode } from "../../src/cli/explain";
import { PROGRAM_CODES } from "../../src/cli/program-codes";
import { CODES as hostCodes } from "../../src/host/problem";
import { RENDERER_CODES } from "../../src/renderers/codes";

const root = resolve(__dirname, "../..");
const renderers = join(root, "src/renderers");

/** Every code that a renderer's source names as one of its own; the table itself aside. */
const inSources = new Set(
  readdirSync(renderers, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && file !== "codes.ts")
    .flatMap(
      (file) => readFileSync(join(renderers, file), "utf8").match(/(?<=^\s*|[ ("])MESH2[1-4]\d\d(?=[":])/gm) ?? [],
    ),
);

describe("meshup explain", () => {
  it("knows every code of the renderers, and none that is gone", () => {
    expect(Object.keys(RENDERER_CODES).sort()).toEqual([...inSources].sort());
  });

  it("knows every code of programs", () => {
    expect(Object.keys(PROGRAM_CODES)).toEqual(Object.values(programCodes));
  });

  it.each([...Object.keys(RENDERER_CODES), ...Object.keys(PROGRAM_CODES), ...Object.keys(hostCodes)])(
    "says what %s is",
    (code) => {
      expect(explainCode(code)).toMatch(new RegExp(`^${code}: \\w.{8,}\\n$`));
    },
  );

  it("offers what is near to a code that is none", () => {
    expect(() => explainCode("MESH2250")).toThrow(/nothing is called MESH2250\. Did you mean MESH\d+\?/);
  });
});
