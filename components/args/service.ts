import type { MtlsMode, Protocol } from "./enums";
import type { TrafficArgs } from "./traffic";
import type { WorkloadArgs } from "./workload";

/** One service: what clients call, the versions behind it, and how it is treated. */
export interface MeshServiceArgs {
  /** Name that clients call; default the component's name. */
  name?: string;
  /** Kubernetes namespace of the service; default the mesh's. */
  namespace?: string;
  /** The selector: pods of every version carry these; default { app: <name> }. */
  labels?: Record<string, string>;
  /** Services and external services that this one calls: the call graph. */
  calls?: CallArgs[];
  /** Ports that it serves. */
  ports: ServicePortArgs[];
  /** Versions behind it, which routes may choose between. */
  versions?: ServiceVersionArgs[];
  /** How clients treat it, and how it protects itself. */
  traffic?: TrafficArgs;
}

/** One edge of the call graph. */
export interface CallArgs {
  /** Service or external service that is called: name or namespace/name. */
  service: string;
  /** The caller cannot answer without it; default true. */
  required?: boolean;
}

/** A port that a service serves. */
export interface ServicePortArgs {
  /** Name of the port; default <protocol>-<port>. */
  name?: string;
  /** Port that clients call. */
  port: number;
  /** Port that the application listens on; default the same as port. */
  targetPort?: number;
  /** What is spoken on it; default http. */
  protocol?: Protocol;
  /** mTLS mode of this port, before every policy; what the policies say when left out. */
  mtls?: MtlsMode;
  /** The server sends the first byte, as MySQL and SMTP do; default false. */
  serverFirst?: boolean;
}

/** One version of a service. */
export interface ServiceVersionArgs {
  /** Name that routes use: v1. */
  name: string;
  /** What tells this version's pods from the others; default { version: <name> }. */
  labels?: Record<string, string>;
  /** What runs; left out: the pods exist already. */
  workload?: WorkloadArgs;
}
