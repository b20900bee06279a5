import type { Check } from "../check";

export const defaultServiceAccount: Check = {
  code: "MESH1101",
  name: "default-service-account",
  area: "workloads",
  level: "warning",
  title: "A workload runs as the default service account",
  why: "The service account is the identity. `default` is what every pod of the namespace has that says nothing: a rule that lets it in lets all of them in.",
  remedy: "Name an account of its own: workload: { serviceAccount: … }.",
  relatives: { other: ["kube-linter: default-service-account"] },
  *run({ workloads }) {
    for (const workload of workloads)
      if (workload.serviceAccount === "default")
        yield {
          path: `${workload.path}.serviceAccount`,
          message: `${workload.name} has the identity of every pod of ${workload.namespace} that says nothing`,
        };
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1, workload: { serviceAccount: default } }] }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1, workload: { serviceAccount: cart } }] }]
`,
  },
};
