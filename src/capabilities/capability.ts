import type { BackendName, Model } from "../model/model";

/** What a feature is for decides how bad its loss is: security and routing are errors, tuning is a warning. */
export type Kind = "security" | "routing" | "tuning";
export type Area = "matches" | "filters" | "routes" | "destinations" | "security" | "edge" | "telemetry";
/** `separate`: written in a resource of its own, so another stack may own it. `folded`: part of the service's own resource. */
export type Form = "separate" | "folded";

interface Cell {
  /** Where this is said: schema, source file or page, with its date or commit. */
  readonly source: string;
  /** First version of the backend that has it. Absent: every version still maintained. */
  readonly since?: string;
  /** Default: what the backend does otherwise (`formOf`). */
  readonly form?: Form;
  /**
   * `install`: only where MeshUp installs the mesh itself, for it is a mesh-wide setting that no resource can express.
   * `envoy`: only where Envoy runs the configuration (`spec.backends.proxy.engine: envoy`), not the bundled engine.
   */
  readonly needs?: "install" | "envoy";
}
export interface Native extends Cell {
  readonly status: "native";
}
export interface Emulated extends Cell {
  readonly status: "emulated";
  /** How it is written there. */
  readonly how: string;
  /** What behaves differently; empty where nothing does. */
  readonly differs: string;
}
export interface Unsupported extends Cell {
  readonly status: "unsupported";
  readonly why: string;
  /** What to do instead. */
  readonly instead: string;
}
export type Support = Native | Emulated | Unsupported;

export interface Feature {
  /** Stable, and what `accept` names: `loadBalancing.peakEwma`. */
  readonly id: string;
  readonly title: string;
  readonly area: Area;
  readonly kind: Kind;
  /** The paths where a model uses it. */
  readonly uses: (model: Model) => Iterable<string>;
  readonly on: Readonly<Record<BackendName, Support>>;
}

export const backendNames: readonly BackendName[] = [
  "istio",
  "istio-managed-csm",
  "linkerd",
  "appmesh",
  "gcsm",
  "vpc-lattice",
  "proxy",
];

/** What each backend's policies are, unless a cell says otherwise. The bundled proxy's configuration is one file a workload. */
const usualForm: Readonly<Record<BackendName, Form>> = {
  istio: "separate",
  "istio-managed-csm": "separate",
  linkerd: "separate",
  appmesh: "separate",
  gcsm: "separate",
  "vpc-lattice": "separate",
  proxy: "folded",
};
export const formOf = (feature: Feature, backend: BackendName): Form => feature.on[backend].form ?? usualForm[backend];

type Extra = Pick<Cell, "since" | "form" | "needs">;
export const native = (source: string, extra: Extra = {}): Native => ({ status: "native", source, ...extra });
export const emulated = (how: string, differs: string, source: string, extra: Extra = {}): Emulated => ({
  status: "emulated",
  how,
  differs,
  source,
  ...extra,
});
export const unsupported = (why: string, source: string, instead = ""): Unsupported => ({
  status: "unsupported",
  why,
  source,
  instead,
});

/** Cloud Service Mesh reads Istio's resources, so its cell is Istio's unless given. */
export type Cells = Readonly<Record<Exclude<BackendName, "istio-managed-csm">, Support>> & {
  readonly "istio-managed-csm"?: Support;
};
export type Row = readonly [id: string, title: string, kind: Kind, uses: Feature["uses"], cells: Cells];
export const rows = (area: Area, table: readonly Row[]): readonly Feature[] =>
  table.map(([id, title, kind, uses, cells]) => ({
    id,
    title,
    area,
    kind,
    uses,
    on: { ...cells, "istio-managed-csm": cells["istio-managed-csm"] ?? cells.istio },
  }));
