import type { Check } from "../check";
import { hasEnvironment } from "../support";
import { hostsOf, underWildcard, urlsIn } from "../urls";

export const undeclaredHost: Check = {
  code: "MESH1054",
  name: "undeclared-host",
  area: "calls",
  level: "warning",
  title: "A host outside is called that the mesh does not know",
  why: "With egress closed, only declared external services can be called: the connection is reset (502 or a timeout), first in production, where the sidecar is.",
  remedy: "Declare it in externalServices and name it in calls.",
  relatives: {},
  *run({ mesh, workloads, externals, services }) {
    if (mesh.egress !== "REGISTRY_ONLY") return;
    const configured = workloads.filter(hasEnvironment);
    if (configured.length === 0) return;
    const known = new Set(externals.flatMap((e) => e.hosts));
    const patterns = [...known].filter((host) => host.startsWith("*."));
    const inside = new Set(services.flatMap((s) => hostsOf(s.name, s.namespace)));
    for (const workload of configured)
      for (const [name, value] of Object.entries(workload.container?.env ?? {}))
        for (const { hostname } of urlsIn(value)) {
          if (
            known.has(hostname) ||
            inside.has(hostname) ||
            !hostname.includes(".") ||
            patterns.some((p) => underWildcard(p, hostname))
          )
            continue;
          if (hostname.endsWith(".svc.cluster.local") || hostname.endsWith(".svc") || /^[\d.]+$/.test(hostname))
            continue;
          yield {
            path: `${workload.container?.path}.env.${name}`,
            message: `${workload.service.name} is told to call ${hostname}, which egress does not let out`,
          };
        }
  },
  example: {
    wrong: `
egress: { mode: REGISTRY_ONLY }
services:
  - name: rates
    ports: [{ port: 80 }]
    versions: [{ name: v1, workload: { container: { image: rates:1.0, env: { BANK: "https://api.bank.example/v1" } } } }]
`,
    right: `
egress: { mode: REGISTRY_ONLY }
externalServices: [{ name: bank, hosts: [api.bank.example], ports: [{ port: 443, protocol: tls }] }]
services:
  - name: rates
    ports: [{ port: 80 }]
    calls: [bank]
    versions: [{ name: v1, workload: { container: { image: rates:1.0, env: { BANK: "https://api.bank.example/v1" } } } }]
`,
  },
};
