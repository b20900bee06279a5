import type { Check } from "../check";
import { hostsOf, underWildcard } from "../urls";

export const collectorOutsideEgress: Check = {
  code: "MESH1133",
  name: "collector-outside-egress",
  area: "telemetry",
  level: "warning",
  title: "The trace collector cannot be reached",
  why: "With egress closed, spans to a host that the mesh does not know are dropped, in silence.",
  remedy: "Declare the collector in services or externalServices.",
  relatives: {},
  *run({ telemetry, mesh, externals, services }) {
    const endpoint = telemetry.tracing?.endpoint;
    if (!telemetry.tracing || !endpoint || mesh.egress !== "REGISTRY_ONLY") return;
    const host = endpoint.replace(/^[a-z]+:\/\//, "").replace(/[:/].*$/, "");
    const inside = services.some((s) => s.name === host || hostsOf(s.name, s.namespace).includes(host));
    const outside = externals.some((e) => e.hosts.some((h) => h === host || underWildcard(h, host)));
    if (!inside && !outside && !host.includes(".svc") && host.includes("."))
      yield { path: `${telemetry.tracing.path}.endpoint`, message: `Egress is closed, and ${host} is not declared` };
  },
  example: {
    wrong: `
egress: { mode: REGISTRY_ONLY }
services: [{ name: cart, ports: [{ port: 80 }] }]
telemetry: { tracing: { sampling: 1%, endpoint: "collector.example:4317" } }
`,
    right: `
egress: { mode: REGISTRY_ONLY }
services: [{ name: cart, ports: [{ port: 80 }], calls: [collector] }]
externalServices: [{ name: collector, hosts: [collector.example], ports: [{ port: 4317, protocol: tls }] }]
telemetry: { tracing: { sampling: 1%, endpoint: "collector.example:4317" } }
`,
  },
};
