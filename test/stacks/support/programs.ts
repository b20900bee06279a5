import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Backend } from "../../../components";
import { Mesh } from "../../../components";
import { compile } from "../../../components/compile";
import { assemble } from "../../../components/render";
import { readSettings } from "../../../components/settings";
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
  /** What stops the mesh on the backend, by code and path. */
  readonly refused: (backend: Backend) => readonly string[];
}

const cloud: Readonly<Partial<Record<Backend, Readonly<Record<string, string>>>>> = {
  "vpc-lattice": { vpcId: "vpc-0a1b2c3d4e5f60718" },
  gcsm: { gcpProject: "mesh-project-1", gcpZone: "europe-west1-b" },
};
const stackConfig = (backend: Backend) => ({ backend, ...cloud[backend] });

/** A mesh of the examples as a program: the file says all about every backend, the stack only which it is. */
const example = (name: string): Program => {
  const specFile = join("examples", name, "mesh.yaml");
  return {
    project: name,
    run: () => new Mesh(name, { backend: new pulumi.Config().require("backend") as Backend, specFile }),
    config: (backend) => ({ backend }),
    refused: (backend) => {
      const settings = readSettings(name, { backend, specFile });
      const entries = settings.pieces.map(({ kind, data }) => ({ kind, data, piece: nobody }));
      const { findings } = compile(assemble(settings, entries), backend);
      return findings.filter(({ level }) => level === "error").map(({ code, path }) => `${code} ${path}`);
    },
  };
};
const nobody = {} as pulumi.Resource;

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
