import { DEFAULTS as D, derived } from "../defaults";
import type { Container, Port, Probe, Resources, Workload } from "../model";
import { at } from "../path";
import type { WorkloadSpec } from "../schema";
import { parseCpu, parseMemory } from "../units";
import { type Context, ms } from "./context";

type ContainerSpec = NonNullable<WorkloadSpec["container"]>;
type ProbeSpec = NonNullable<NonNullable<ContainerSpec["probes"]>["liveness"]>;
type ResourcesSpec = NonNullable<NonNullable<ContainerSpec["resources"]>["requests"]>;

export function resolveWorkload(
  spec: WorkloadSpec,
  path: string,
  service: string,
  version: string,
  ports: readonly Port[],
  context: Context,
): Workload {
  const { container, host } = spec;
  const workload: { -readonly [K in keyof Workload]: Workload[K] } = {
    path,
    name: spec.name ?? derived.workloadName(service, version),
    replicas: spec.replicas ?? D.replicas,
    serviceAccount: spec.serviceAccount ?? service,
    bind: spec.bind ?? D.bind,
    annotations: spec.annotations ?? {},
  };
  if (container !== undefined) {
    const mainPort = ports[0]?.targetPort ?? 80;
    workload.container = resolveContainer(container, at(path, "container"), service, mainPort, context);
  }
  if (spec.template !== undefined) workload.template = spec.template;
  if (host !== undefined) {
    const { command, env = {}, cwd } = host;
    workload.host = cwd === undefined ? { command, env } : { command, env, cwd };
  }
  return workload;
}

function resolveContainer(
  spec: ContainerSpec,
  path: string,
  service: string,
  mainPort: number,
  context: Context,
): Container {
  const probes: Record<string, Probe> = {};
  const { requests, limits } = spec.resources ?? {};
  for (const name of ["liveness", "readiness", "startup"] as const) {
    const probe = spec.probes?.[name];
    if (probe !== undefined) probes[name] = resolveProbe(probe, at(at(path, "probes"), name), context);
  }
  return {
    path,
    name: spec.name ?? service,
    image: spec.image,
    port: spec.port ?? mainPort,
    command: spec.command ?? [],
    args: spec.args ?? [],
    env: spec.env ?? {},
    resources: { requests: resolveResources(requests), limits: resolveResources(limits) },
    probes,
  };
}

const resolveResources = ({ cpu, memory }: ResourcesSpec = {}): Resources => ({
  ...(cpu === undefined ? {} : { cpu: parseCpu(cpu) }),
  ...(memory === undefined ? {} : { memory: parseMemory(memory) }),
});

function resolveProbe(spec: ProbeSpec, path: string, context: Context): Probe {
  context.oneOf(spec, ["httpGet", "tcpSocket", "grpc", "exec"], path);
  const { httpGet, tcpSocket, grpc, exec } = spec;
  const port = (httpGet ?? tcpSocket ?? grpc)?.port;
  return {
    path,
    kind: httpGet !== undefined ? "http" : exec !== undefined ? "exec" : grpc !== undefined ? "grpc" : "tcp",
    ...(httpGet === undefined ? {} : { httpPath: httpGet.path ?? D.probe.path }),
    ...(port === undefined ? {} : { port }),
    ...(exec === undefined ? {} : { command: exec.command }),
    periodMs: ms(spec.period, D.probe.period),
    timeoutMs: ms(spec.timeout, D.probe.timeout),
    initialDelayMs: ms(spec.initialDelay, D.probe.initialDelay),
    failureThreshold: spec.failureThreshold ?? D.probe.failureThreshold,
  };
}
