import type { Check } from "../check";

const inbound = ["traffic.sidecar.istio.io/excludeInboundPorts", "config.linkerd.io/skip-inbound-ports"];
const outbound = ["traffic.sidecar.istio.io/excludeOutboundPorts", "config.linkerd.io/skip-outbound-ports"];
const ports = (text: string): readonly (readonly [number, number])[] =>
  text
    .split(",")
    .map((part) => part.trim().split("-").map(Number))
    .filter((r) => r.every(Number.isInteger))
    .map(([from = 0, to = from]) => [from, to] as const);
const within = (list: ReturnType<typeof ports>, port: number) => list.some(([from, to]) => from <= port && port <= to);

export const portsAroundSidecar: Check = {
  code: "MESH1110",
  name: "ports-around-sidecar",
  area: "workloads",
  level: "warning",
  title: "Traffic of the mesh goes around the sidecar",
  why: "A port that the sidecar skips has no mTLS and no policy, although the model says so for every port of the service.",
  remedy: "Remove the annotation, or set the port's mtls to DISABLE, which everybody can see.",
  relatives: { kyverno: ["prevent-linkerd-port-skipping"] },
  *run({ workloads, lookup }) {
    for (const workload of workloads) {
      if (Object.keys(workload.annotations).length === 0) continue;
      const service = lookup.service(workload.service);
      const callees = workload.calls.flatMap((call) => lookup.service(call)?.ports ?? []);
      for (const [name, value] of Object.entries(workload.annotations)) {
        const skipped = inbound.includes(name) || outbound.includes(name) ? ports(value) : [];
        const met = inbound.includes(name)
          ? service?.ports.find((p) => within(skipped, p.targetPort) && p.mtls !== "DISABLE")
          : callees.find((p) => within(skipped, p.port) && p.mtls !== "DISABLE");
        if (met)
          yield {
            path: `${workload.path}.annotations`,
            message: `${name} takes port ${inbound.includes(name) ? met.targetPort : met.port} of ${workload.name} out of the mesh`,
          };
      }
    }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80, targetPort: 8080 }], versions: [{ name: v1, workload: { annotations: { config.linkerd.io/skip-inbound-ports: "8080" } } }] }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80, targetPort: 8080 }], versions: [{ name: v1, workload: { annotations: { config.linkerd.io/skip-inbound-ports: "9999" } } }] }]
`,
  },
};
