import type { Check } from "../check";

export const noReadinessProbe: Check = {
  code: "MESH1105",
  name: "no-readiness-probe",
  area: "workloads",
  level: "info",
  title: "A container without a readiness probe",
  why: "A pod counts as ready when it starts, before its application listens: each rollout sends requests that fail.",
  remedy: "Add probes: { readiness: … }.",
  relatives: { other: ["kube-linter: no-readiness-probe"] },
  *run({ workloads }) {
    for (const { container, name } of workloads)
      if (container && !container.probes.readiness)
        yield { path: container.path, message: `${name} gets requests before it is ready` };
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1, workload: { container: { image: cart:1.0 } } }] }]
`,
    right: `
services:
  - name: cart
    ports: [{ port: 80 }]
    versions: [{ name: v1, workload: { container: { image: cart:1.0, probes: { readiness: { httpGet: { path: /ready } } } } } }]
`,
  },
};
