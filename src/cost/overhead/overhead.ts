import { Decimal } from "../decimal";
import { BUNDLED_OVERHEAD } from "../generated/data";

/** What a proxy or control plane takes of the machine it runs on. An absent figure was never published or measured. */
export interface Overhead {
  readonly title: string;
  /** vCPUs at 1,000 requests a second through one proxy. */
  readonly cpuPer1000Rps?: Decimal;
  /** vCPUs set aside whatever the load, instead. */
  readonly cpu?: Decimal;
  readonly memoryMb?: Decimal;
  readonly source: string;
  /** ISO date. */
  readonly dateRead: string;
  readonly note?: string;
}
const d = Decimal.of;
const ISTIO = "https://istio.io/latest/docs/ops/deployment/performance-and-scalability/";

export const ISTIO_SIDECAR: Overhead = {
  title: "Istio sidecar",
  cpuPer1000Rps: d("0.20"),
  memoryMb: d(60),
  source: ISTIO,
  dateRead: "2026-11-23",
  note: "Istio 1.24, 1 KB payload, mTLS and telemetry on",
};
export const ISTIO_ZTUNNEL: Overhead = {
  ...ISTIO_SIDECAR,
  title: "ztunnel",
  cpuPer1000Rps: d("0.06"),
  memoryMb: d(12),
};
export const ISTIO_WAYPOINT: Overhead = { ...ISTIO_SIDECAR, title: "waypoint", cpuPer1000Rps: d("0.25") };
export const LINKERD_PROXY: Overhead = {
  title: "Linkerd proxy",
  cpuPer1000Rps: d("0.018"),
  memoryMb: d("26.3"),
  source: "https://linkerd.io/2021/11/29/linkerd-vs-istio-benchmarks-2021/",
  dateRead: "2026-11-23",
  note: "the project's own benchmark of Linkerd 2.11 (2021-11-29): the busiest proxy at 2,000 requests a second used 36 ms of CPU a second and 26.3 MB",
};
export const APPMESH_ENVOY: Overhead = {
  title: "App Mesh Envoy",
  cpu: d("0.5"),
  memoryMb: d(64),
  source: "https://docs.aws.amazon.com/app-mesh/latest/userguide/envoy.html",
  dateRead: "2026-11-23",
  note: "what AWS recommends to allocate: 512 CPU units and at least 64 MiB; on Fargate at least 1,024 MiB",
};
export const APPMESH_ENVOY_FARGATE: Overhead = { ...APPMESH_ENVOY, memoryMb: d(1024) };
/** Google publishes none for its Envoy; Istio's sidecar is the same proxy with a like configuration. */
export const GCSM_ENVOY: Overhead = {
  ...ISTIO_SIDECAR,
  title: "Envoy sidecar",
  note: "Istio's figure for the same proxy; Google publishes none",
};

/** What the bench writes to overhead/bundled.json. */
interface Measurement {
  readonly measured: boolean;
  readonly reason?: string;
  readonly cpuPer1000Rps?: number | string;
  readonly memoryMb?: number | string;
  readonly source?: string;
  readonly date?: string;
  readonly note?: string;
}
/** The bundled proxy by this project's own benchmark; without figures where none has been recorded. */
export function bundledProxy(measurement: unknown = BUNDLED_OVERHEAD): Overhead {
  const { measured, reason, cpuPer1000Rps, memoryMb, source, date, note } = measurement as Measurement;
  const figure = (value?: number | string): Decimal | undefined =>
    measured && value !== undefined ? Decimal.parse(value) : undefined;
  return {
    title: "Bundled proxy",
    cpuPer1000Rps: figure(cpuPer1000Rps),
    memoryMb: figure(memoryMb),
    source: source ?? "docs/benchmarks",
    dateRead: date ?? "",
    note: measured ? note : `not measured: ${reason ?? "no benchmark recorded"}`,
  };
}

/** A control plane that grows with the mesh, from a floor that it asks for however small the mesh. */
export interface ControlPlane extends Overhead {
  readonly cpuFloor?: Decimal;
  readonly memoryFloorMb?: Decimal;
  /** The figures above hold for this many services or proxies, whichever is reached first. Absent: for any. */
  readonly holds?: { readonly services: Decimal; readonly proxies: Decimal };
}
export const ISTIOD: ControlPlane = {
  title: "istiod",
  cpu: d(1),
  memoryMb: d(1536),
  cpuFloor: d("0.5"),
  memoryFloorMb: d(2048),
  holds: { services: d(1000), proxies: d(2000) },
  source: ISTIO,
  dateRead: "2026-11-23",
  note: "1 vCPU and 1.5 GB for 1,000 services and 2,000 sidecars; the floor is what the chart requests (500m, 2048Mi)",
};
export const LINKERD_CONTROL_PLANE: ControlPlane = {
  title: "Linkerd control plane",
  memoryMb: d(365),
  source: LINKERD_PROXY.source,
  dateRead: "2026-11-23",
  note: "the project's own benchmark of Linkerd 2.11; its CPU is not in the source read",
};
export const BUNDLED_CONTROL_PLANE: ControlPlane = {
  title: "Control plane",
  source: "docs/benchmarks",
  dateRead: "",
  note: "not measured",
};
/** What managed Cloud Service Mesh installs in a cluster. */
export const MANAGED_CSM: ControlPlane = {
  title: "mdp-controller",
  cpu: d("0.05"),
  memoryMb: d(128),
  source: "https://docs.cloud.google.com/service-mesh/docs/onboarding/provision-control-plane",
  dateRead: "2026-11-23",
};
/** The same, on every node. */
export const MANAGED_CSM_NODE: Overhead = { ...MANAGED_CSM, title: "istio-cni-node", cpu: d("0.1"), memoryMb: d(100) };
