/** Services, their versions and what runs them. */
import type { Leaf, Labels, MtlsMode, Protocol, Ref } from "./common";
import type { Traffic } from "./traffic";

export interface Service extends Ref {
  readonly path: string;
  /** The selector: pods of every version carry these. */
  readonly labels: Labels;
  readonly calls: readonly Call[];
  readonly ports: readonly Port[];
  readonly versions: readonly Version[];
  readonly traffic: Traffic;
}
/** One edge of the call graph. */
export interface Call extends Ref {
  readonly path: string;
  readonly kind: "service" | "external";
  /** The caller cannot answer without it. Default true. */
  readonly required: boolean;
}
export interface Port {
  readonly path: string;
  readonly name: string;
  readonly port: number;
  readonly targetPort: number;
  readonly protocol: Protocol;
  /** Overrides the policies for this port. */
  readonly mtls?: MtlsMode;
  /** The server sends the first byte (MySQL, SMTP): no protocol can be detected. */
  readonly serverFirst: boolean;
}
export interface Version {
  readonly path: string;
  readonly name: string;
  readonly labels: Labels;
  /** Absent: the pods exist already. */
  readonly workload?: Workload;
}
export interface Workload {
  readonly path: string;
  readonly name: string;
  readonly replicas: number;
  readonly serviceAccount: string;
  readonly container?: Container;
  /** Merged over the pod template. */
  readonly template?: Readonly<Record<string, unknown>>;
  /** What to start where there is no cluster. */
  readonly host?: HostWorkload;
  /** The address family the application binds: `loopback` lets a callee's port equal one of its own. */
  readonly bind: "any" | "loopback";
  readonly annotations: Labels;
}
export interface Container {
  readonly path: string;
  readonly name: string;
  readonly image: Leaf<string>;
  /** Main port; default the first port's targetPort. */
  readonly port: number;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, Leaf<string>>>;
  readonly resources: { readonly requests: Resources; readonly limits: Resources };
  readonly probes: { readonly liveness?: Probe; readonly readiness?: Probe; readonly startup?: Probe };
}
/** Kubernetes quantities parsed: cpu in cores, memory in bytes. Absent: not set. */
export interface Resources {
  readonly cpu?: number;
  readonly memory?: number;
}
export interface Probe {
  readonly path: string;
  readonly kind: "http" | "tcp" | "grpc" | "exec";
  readonly httpPath?: string;
  readonly port?: number;
  readonly command?: readonly string[];
  readonly periodMs: number;
  readonly timeoutMs: number;
  readonly initialDelayMs: number;
  readonly failureThreshold: number;
}
export interface HostWorkload {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
}
