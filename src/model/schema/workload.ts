import { z } from "zod";
import { DEFAULTS as D } from "../defaults";
import {
  anything,
  count,
  cpu,
  dnsLabel,
  duration,
  labels,
  leaf,
  memory,
  name,
  optional,
  port,
  positive,
  required,
  text,
  urlPath,
} from "./fields";

const resources = z.strictObject({
  cpu: optional(cpu, "Cores, as 250m or 0.5; 0: nothing reserved; not set when left out"),
  memory: optional(memory, "Bytes, as 128Mi; 0: nothing reserved; not set when left out"),
});

const probe = z.strictObject({
  httpGet: optional(
    z.strictObject({
      path: optional(urlPath, "Path asked for", D.probe.path),
      port: optional(port, "Port asked", "the container's port"),
    }),
    "Healthy when this answers 200 to 399; one of httpGet, tcpSocket, grpc and exec",
  ),
  tcpSocket: optional(
    z.strictObject({ port: optional(port, "Port opened", "the container's port") }),
    "Healthy when the port accepts a connection",
  ),
  grpc: optional(
    z.strictObject({ port: optional(port, "Port asked", "the container's port") }),
    "Healthy when grpc.health.v1 says SERVING",
  ),
  exec: optional(
    z.strictObject({ command: required(z.array(text).min(1), "Program and arguments") }),
    "Healthy when the command exits with 0",
  ),
  period: optional(duration, "Time between two probes; 0s is not allowed by Kubernetes", D.probe.period),
  timeout: optional(duration, "Time a probe may take", D.probe.timeout),
  initialDelay: optional(duration, "Time from start to the first probe; 0s: at once", D.probe.initialDelay),
  failureThreshold: optional(positive, "Failures in a row until it counts", D.probe.failureThreshold),
});

const container = z.strictObject({
  name: optional(dnsLabel, "Name of the container", "the service's name"),
  image: required(leaf, "Image to run, as text or as an Output"),
  port: optional(port, "Main port the application listens on", "targetPort of the service's first port"),
  command: optional(z.array(z.string()), "Entry point; empty: the image's own", []),
  args: optional(z.array(z.string()), "Arguments; empty: the image's own", []),
  env: optional(z.record(z.string(), leaf), "Environment variables, as text or as Outputs", {}),
  resources: optional(
    z.strictObject({
      requests: optional(resources, "What the scheduler reserves", {}),
      limits: optional(resources, "What it may use at most", {}),
    }),
    "Cpu and memory",
    {},
  ),
  probes: optional(
    z.strictObject({
      liveness: optional(probe, "Restarted when this fails; none when left out"),
      readiness: optional(probe, "Taken out of rotation while this fails; none when left out"),
      startup: optional(probe, "The other two wait for this; none when left out"),
    }),
    "Health probes",
    {},
  ),
});

export const workload = z.strictObject({
  name: optional(name, "Name of the Deployment", "<service>-<version>"),
  replicas: optional(count.max(100_000), "How many run; 0: none, so no traffic can go there", D.replicas),
  serviceAccount: optional(name, "Service account, which is the workload's identity", "the service's name"),
  container: optional(container, "The application's container; left out: the template brings it"),
  template: optional(z.record(z.string(), anything), "Merged over the pod template, as Kubernetes writes it", {}),
  host: optional(
    z.strictObject({
      command: required(z.array(text).min(1), "Program and arguments; HOST and PORT are in its environment"),
      env: optional(labels, "Environment variables", {}),
      cwd: optional(text, "Directory it starts in", "where mesh.yaml lies"),
    }),
    "What to start where there is no cluster; left out: cannot run on this host",
  ),
  bind: optional(
    z.enum(["any", "loopback"]),
    "The addresses the application listens on; loopback lets a callee's port equal one of its own",
    D.bind,
  ),
  annotations: optional(labels, "Annotations of the pods", {}),
});
