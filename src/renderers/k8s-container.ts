import type { Finding } from "../model/finding";
import type { Container, Port, Probe, Resources } from "../model/model";
import { formatCpu, formatMemory } from "../model/units";
import { defined, unlessEmpty } from "./k8s-resource";

type Fields = Readonly<Record<string, unknown>>;

const resources = ({ cpu, memory }: Resources): Fields | undefined =>
  unlessEmpty(
    defined({
      cpu: cpu === undefined ? undefined : formatCpu(cpu),
      memory: memory === undefined ? undefined : formatMemory(memory),
    }),
  );

/** Kubernetes counts whole seconds, at least one. */
const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

function handler(probe: Probe, mainPort: number): Fields {
  const port = probe.port ?? mainPort;
  switch (probe.kind) {
    case "http":
      return { httpGet: { path: probe.httpPath ?? "/", port } };
    case "tcp":
      return { tcpSocket: { port } };
    case "grpc":
      return { grpc: { port } };
    case "exec":
      return { exec: { command: probe.command ?? [] } };
  }
}

const probeFields = (probe: Probe | undefined, mainPort: number): Fields | undefined =>
  probe && {
    ...handler(probe, mainPort),
    periodSeconds: seconds(probe.periodMs),
    timeoutSeconds: seconds(probe.timeoutMs),
    initialDelaySeconds: Math.ceil(probe.initialDelayMs / 1000),
    failureThreshold: probe.failureThreshold,
  };

/** The application's container. Images and environment values may be known only at deployment: they pass untouched. */
export function containerFields(container: Container, ports: readonly Port[]): Fields {
  const numbers = [...new Set([container.port, ...ports.map((port) => port.targetPort)])];
  const env = Object.entries(container.env).map(([name, value]) => ({ name, value }));
  const { liveness, readiness, startup } = container.probes;
  return defined({
    name: container.name,
    image: container.image,
    command: container.command.length > 0 ? container.command : undefined,
    args: container.args.length > 0 ? container.args : undefined,
    ports: numbers.map((containerPort) => ({ containerPort, protocol: "TCP" })),
    env: env.length > 0 ? env : undefined,
    resources: unlessEmpty(
      defined({
        requests: resources(container.resources.requests),
        limits: resources(container.resources.limits),
      }),
    ),
    startupProbe: probeFields(startup, container.port),
    livenessProbe: probeFields(liveness, container.port),
    readinessProbe: probeFields(readiness, container.port),
  });
}

/** Probe times that Kubernetes can only keep rounded up. */
export function probeFindings(container: Container): Finding[] {
  const { liveness, readiness, startup } = container.probes;
  return [liveness, readiness, startup].flatMap((probe) => {
    if (probe === undefined) return [];
    const times = { period: probe.periodMs, timeout: probe.timeoutMs, initialDelay: probe.initialDelayMs };
    return Object.entries(times).flatMap(([key, ms]): Finding[] => {
      if (ms % 1000 === 0) return [];
      return [
        {
          code: "MESH2190",
          level: "warning",
          path: `${probe.path}.${key}`,
          message: `Kubernetes counts probe times in whole seconds, so ${ms} ms becomes ${seconds(ms)} s`,
          remedy: "Write whole seconds.",
        },
      ];
    });
  });
}
