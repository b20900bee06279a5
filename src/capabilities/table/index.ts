import type { Feature } from "../capability";
import { destinations } from "./destinations";
import { edge } from "./edge";
import { filters } from "./filters";
import { matches } from "./matches";
import { routes } from "./routes";
import { security } from "./security";
import { telemetry } from "./telemetry";

/** The one table: feature × backend. It feeds `meshup validate --backend`, `meshup capabilities` and the README. */
export const table: readonly Feature[] = [
  ...routes,
  ...matches,
  ...filters,
  ...destinations,
  ...security,
  ...edge,
  ...telemetry,
];

const byId = new Map(table.map((feature) => [feature.id, feature]));
export const featureById = (id: string): Feature | undefined => byId.get(id);
