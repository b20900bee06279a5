import type { Check } from "../check";

export const requestOverLimit: Check = {
  code: "MESH1104",
  name: "request-over-limit",
  area: "workloads",
  level: "error",
  title: "A container asks for more than it may use",
  why: "Kubernetes refuses the pod: the rollout hangs, with the reason in an event that nobody reads.",
  remedy: "Raise the limit, or lower the request.",
  relatives: {},
  *run({ workloads }) {
    for (const { container, name } of workloads)
      for (const resource of ["cpu", "memory"] as const) {
        const request = container?.resources.requests[resource];
        const limit = container?.resources.limits[resource];
        if (container && request !== undefined && limit !== undefined && request > limit)
          yield {
            path: `${container.path}.resources.requests.${resource}`,
            message: `${name} asks for more ${resource} than its limit`,
          };
      }
  },
  example: {
    wrong: `
services:
  - name: cart
    ports: [{ port: 80 }]
    versions: [{ name: v1, workload: { container: { image: cart:1.0, resources: { requests: { memory: 1Gi }, limits: { memory: 512Mi } } } } }]
`,
    right: `
services:
  - name: cart
    ports: [{ port: 80 }]
    versions: [{ name: v1, workload: { container: { image: cart:1.0, resources: { requests: { memory: 256Mi }, limits: { memory: 512Mi } } } } }]
`,
  },
};
