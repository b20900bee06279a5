import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Model } from "../../../src/model";
import type { Plan } from "../../../src/plan";
import { render as appmesh } from "../../../src/renderers/appmesh";
import { render as lattice } from "../../../src/renderers/vpc-lattice";
import { casesIn, modelOf } from "../../renderers/support/golden";

export type AwsBackend = "appmesh" | "vpc-lattice";
export const awsBackends: readonly AwsBackend[] = ["appmesh", "vpc-lattice"];
const renderers = { appmesh, "vpc-lattice": lattice };

const root = join(__dirname, "../../..");
export const exampleNames = ["mesh-up", "shop"] as const;
export const example = (name: string): Model => {
  const file = join(root, "examples", name, "mesh.yaml");
  return modelOf(readFileSync(file, "utf8"), file);
};

export const planOf = (model: Model, backend: AwsBackend): Plan => renderers[backend](model).plan;

/** Every golden case of the backend and both examples, rendered. */
export const plans = (backend: AwsBackend): { name: string; plan: Plan }[] => [
  ...casesIn(join(root, "test/renderers", backend, "cases")).map(({ name, text }) => ({
    name,
    plan: planOf(modelOf(text), backend),
  })),
  ...exampleNames.map((name) => ({ name: `examples/${name}`, plan: planOf(example(name), backend) })),
];
