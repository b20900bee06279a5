import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Backend } from "../../../components";
import { type AcceptedLossArgs, Mesh } from "../../../components";
import { compile } from "../../../components/compile";
import { assemble } from "../../../components/render";
import { readSettings } from "../../../components/settings";
import { table } from "../../../src/capabilities";
import { loadMesh } from "../../../src/model";
import { readMeshUpConfig } from "../../../stacks/mesh-up/config";
import { meshUp } from "../../../stacks/mesh-up/program";
import { readShopConfig } from "../../../stacks/shop/config";
import { shop } from "../../../stacks/shop/program";

/** A program that reads what it runs on from the stack's config, and nothing else. */
export interface Program {
  readonly project: string;
  readonly run: () => Mesh;
  /** Config of the stack for a backend, by bare key. */
  readonly config: (backend: Backend) => Readonly<Record<string, string>>;
  /** Codes of what the backend still refuses when every loss that can be accepted is. */
  readonly refused: (backend: Backend) => readonly string[];
}

const cloud: Readonly<Partial<Record<Backend, Readonly<Record<string, string>>>>> = {
  "vpc-lattice": { vpcId: "vpc-0a1b2c3d4e5f60718" },
  gcsm: { gcpProject: "mesh-project-1", gcpZone: "europe-west1-b" },
};
const stackConfig = (backend: Backend) => ({ backend, ...cloud[backend] });

/** A mesh of the examples as a program: the file, and whatever the stack says about its backend. */
const example = (name: string): Program => {
  const specFile = join("examples", name, "mesh.yaml");
  const settingsFor = (backend: Backend) => ({
    settings: exampleSettings[backend] ?? {},
    accept: losses(specFile, backend),
  });
  return {
    project: name,
    run: () => {
      const config = new pulumi.Config();
      const backend = config.require("backend") as Backend;
      return new Mesh(name, { backend, specFile, backends: { [backend]: config.requireObject("settings") } });
    },
    config: (backend) => ({
      backend,
      settings: JSON.stringify(settingsFor(backend)),
    }),
    refused: (backend) => {
      const settings = readSettings(name, { backend, specFile, backends: { [backend]: settingsFor(backend) } });
      const entries = settings.pieces.map(({ kind, data }) => ({ kind, data, piece: nobody }));
      const { findings } = compile(assemble(settings, entries), backend);
      return findings.filter(({ level }) => level === "error").map(({ code }) => code);
    },
  };
};
const nobody = {} as pulumi.Resource;
const exampleSettings: Readonly<Partial<Record<Backend, object>>> = {
  "vpc-lattice": { vpcId: "vpc-0a1b2c3d4e5f60718" },
  gcsm: { project: "mesh-project-1", zone: "europe-west1-b" },
};

/** Every feature that the file uses and the backend has not, but for those that the file itself accepts. */
function losses(file: string, backend: Backend): AcceptedLossArgs[] {
  const { model } = loadMesh(readFileSync(file, "utf8"), { file });
  if (model === undefined) throw new Error(`${file} is no mesh`);
  const already = new Set(model.backends[backend]?.accept.map(({ feature }) => feature));
  return table
    .filter((feature) => feature.on[backend].status !== "emulated" && !already.has(feature.id))
    .filter((feature) => [...feature.uses(model)].length > 0)
    .map(({ id }) => ({ feature: id, reason: "this test looks at the rest" }));
}

/** Every program that is taken from backend to backend by config alone. */
export const programs: Readonly<Record<string, Program>> = {
  "stacks/mesh-up": {
    project: "mesh-up",
    run: () => meshUp(readMeshUpConfig()),
    config: stackConfig,
    refused: () => [],
  },
  "stacks/shop": { project: "shop", run: () => shop(readShopConfig()), config: stackConfig, refused: () => [] },
  "examples/mesh-up": example("mesh-up"),
  "examples/shop": example("shop"),
};
