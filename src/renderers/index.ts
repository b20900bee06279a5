/** The registry: what renders a mesh for each backend. */
import type { Finding } from "../model/finding";
import type { BackendName, Model } from "../model/model";
import type { Plan } from "../plan/plan";
import { render as appmesh } from "./appmesh";
import { render as gcsm } from "./gcsm";
import { render as istio } from "./istio";
import { render as linkerd } from "./linkerd";
import { render as proxy } from "./proxy";
import { render as lattice } from "./vpc-lattice";

export interface Rendered {
  readonly plan: Plan;
  readonly findings: readonly Finding[];
}
/** Pure: the same model gives the same bytes. */
export type Render = (model: Model) => Rendered;

export const RENDERERS: Readonly<Partial<Record<BackendName, Render>>> = {
  istio: (model) => istio(model),
  "istio-managed-csm": (model) => istio(model, { flavour: "managed-csm" }),
  linkerd,
  appmesh,
  gcsm,
  "vpc-lattice": lattice,
  proxy: (model) => proxy(model),
};
