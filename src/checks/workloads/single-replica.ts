import type { Check } from "../check";
import { replicasOf } from "../support";

export const singleReplica: Check = {
  code: "MESH1102",
  name: "single-replica",
  area: "workloads",
  level: "info",
  title: "A service that one process answers",
  why: "Each rollout, eviction or crash is an outage of this service, and outlier detection has nothing to turn to.",
  remedy: "Run at least two replicas.",
  relatives: { other: ["kube-linter: minimum-three-replicas"] },
  *run({ services }) {
    for (const service of services)
      if (replicasOf(service) === 1)
        yield { path: service.versions[0]?.workload?.path ?? service.path, message: `${service.name} runs once` };
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1, workload: { replicas: 1 } }] }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1, workload: { replicas: 2 } }] }]
`,
  },
};
