import type { Check } from "../check";

export const unsetResources: Check = {
  code: "MESH1103",
  name: "unset-resources",
  area: "workloads",
  level: "info",
  title: "A container without requests or limits",
  why: "Without requests the scheduler packs it anywhere; without a memory limit a leak takes its neighbours down, the sidecar first.",
  remedy: "Set requests for cpu and memory, and a limit for memory.",
  relatives: { other: ["kube-linter: unset-cpu-requirements", "kube-linter: unset-memory-requirements"] },
  *run({ workloads }) {
    for (const { container, name } of workloads) {
      if (!container) continue;
      const { requests, limits } = container.resources;
      const unset = [
        requests.cpu === undefined && "requests.cpu",
        requests.memory === undefined && "requests.memory",
        limits.memory === undefined && "limits.memory",
      ].filter(Boolean);
      if (unset.length > 0) yield { path: container.path, message: `${name} does not set ${unset.join(", ")}` };
    }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1, workload: { container: { image: cart:1.0 } } }] }]
`,
    right: `
services:
  - name: cart
    ports: [{ port: 80 }]
    versions:
      - name: v1
        workload:
          container: { image: cart:1.0, resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 64Mi } } }
`,
  },
};
