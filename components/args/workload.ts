import type * as pulumi from "@pulumi/pulumi";
import type { Bind } from "./enums";

/** What runs behind one version of a service. */
export interface WorkloadArgs {
  /** Name of the Deployment; default `<service>-<version>`. */
  name?: string;
  /** How many run; 0: none, so no traffic can go there; default 1. */
  replicas?: number;
  /** Service account, which is the workload's identity; default the service's name. */
  serviceAccount?: string;
  /** The application's container; left out: the template brings it. */
  container?: ContainerArgs;
  /** Merged over the pod template, as Kubernetes writes it. */
  template?: pulumi.Inputs;
  /** What to start where there is no cluster; left out: cannot run on this host. */
  host?: HostWorkloadArgs;
  /** The addresses the application listens on; loopback lets a callee's port equal one of its own; default any. */
  bind?: Bind;
  /** Annotations of the pods. */
  annotations?: Record<string, string>;
}

/** The application's container. */
export interface ContainerArgs {
  /** Name of the container; default the service's name. */
  name?: string;
  /** Image to run. */
  image: pulumi.Input<string>;
  /** Main port the application listens on; default the target port of the service's first port. */
  port?: number;
  /** Entry point; empty: the image's own. */
  command?: string[];
  /** Arguments; empty: the image's own. */
  args?: string[];
  /** Environment variables. */
  env?: Record<string, pulumi.Input<string>>;
  /** Cpu and memory; default not set. */
  resources?: ContainerResourcesArgs;
  /** Health probes; default none. */
  probes?: ProbesArgs;
}

/** What a container reserves and may use. */
export interface ContainerResourcesArgs {
  /** What the scheduler reserves. */
  requests?: ResourceAmountsArgs;
  /** What it may use at most. */
  limits?: ResourceAmountsArgs;
}

/** Kubernetes quantities. */
export interface ResourceAmountsArgs {
  /** Cores, as 250m or 0.5; not set when left out. */
  cpu?: string;
  /** Bytes, as 128Mi; not set when left out. */
  memory?: string;
}

/** Health probes of a container. */
export interface ProbesArgs {
  /** Restarted when this fails; none when left out. */
  liveness?: ProbeArgs;
  /** Taken out of rotation while this fails; none when left out. */
  readiness?: ProbeArgs;
  /** The other two wait for this; none when left out. */
  startup?: ProbeArgs;
}

/** One probe: exactly one of httpGet, tcpSocket, grpc and exec. */
export interface ProbeArgs {
  /** Healthy when this answers 200 to 399. */
  httpGet?: HttpProbeArgs;
  /** Healthy when the port accepts a connection. */
  tcpSocket?: PortProbeArgs;
  /** Healthy when grpc.health.v1 says SERVING. */
  grpc?: PortProbeArgs;
  /** Healthy when the command exits with 0. */
  exec?: ExecProbeArgs;
  /** Time between two probes, as 10s. */
  period?: string;
  /** Time a probe may take, as 1s. */
  timeout?: string;
  /** Time from start to the first probe; 0s: at once. */
  initialDelay?: string;
  /** Failures in a row until it counts. */
  failureThreshold?: number;
}

/** A probe over HTTP. */
export interface HttpProbeArgs {
  /** Path asked for; default /. */
  path?: string;
  /** Port asked; default the container's port. */
  port?: number;
}

/** A probe of one port. */
export interface PortProbeArgs {
  /** Port asked; default the container's port. */
  port?: number;
}

/** A probe by a command. */
export interface ExecProbeArgs {
  /** Program and arguments. */
  command: string[];
}

/** What to start where there is no cluster. */
export interface HostWorkloadArgs {
  /** Program and arguments; HOST and PORT are in its environment. */
  command: string[];
  /** Environment variables. */
  env?: Record<string, string>;
  /** Directory it starts in; default where mesh.yaml lies, else the project's root. */
  cwd?: string;
}
