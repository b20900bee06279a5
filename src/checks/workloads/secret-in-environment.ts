import type { Check } from "../check";

const secretName = /(^|_)(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i;
const reference = /^(\$\(|\$\{|file:|\/|vault:|https?:)/;

export const secretInEnvironment: Check = {
  code: "MESH1120",
  name: "secret-in-environment",
  area: "workloads",
  level: "warning",
  title: "A secret in the mesh file",
  why: "What stands here stands in version control, in the deployment's state and in the pod's specification.",
  remedy: "Pass a secret Output, or let the pod read a Kubernetes Secret (workload.template with valueFrom).",
  relatives: { other: ["kube-linter: env-var-secret"] },
  *run({ workloads }) {
    for (const { container, name } of workloads)
      for (const [variable, value] of Object.entries(container?.env ?? {}))
        if (secretName.test(variable) && typeof value === "string" && value !== "" && !reference.test(value))
          yield {
            path: `${container?.path}.env.${variable}`,
            message: `${variable} of ${name} is written in plain text`,
          };
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1, workload: { container: { image: cart:1.0, env: { DB_PASSWORD: hunter2 } } } }] }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1, workload: { container: { image: cart:1.0, env: { DB_PASSWORD: /run/secrets/db } } } }] }]
`,
  },
};
