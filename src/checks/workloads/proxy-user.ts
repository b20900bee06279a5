import type { Check } from "../check";
import { inTemplate } from "../../facts";

const containers = (template: unknown): readonly unknown[] => {
  const list = inTemplate(template, "spec", "containers");
  return [inTemplate(template, "spec"), ...(Array.isArray(list) ? (list as unknown[]) : [])];
};

export const proxyUser: Check = {
  code: "MESH1111",
  name: "proxy-user",
  area: "workloads",
  level: "error",
  title: "The application runs as the proxy's user",
  why: "Traffic of user 1337 (Istio) or 2102 (Linkerd) is not redirected, for that is how the proxy reaches the network. An application under the same user goes around the mesh.",
  remedy: "Choose another runAsUser.",
  relatives: { istio: ["IST0144"] },
  *run({ workloads }) {
    for (const { template, path, name } of workloads)
      for (const part of containers(template)) {
        const user = inTemplate(part, "securityContext", "runAsUser");
        if (user === 1337 || user === 2102)
          yield {
            path: `${path}.template`,
            message: `${name} runs as user ${user}, which is the ${user === 1337 ? "Istio" : "Linkerd"} proxy's`,
          };
      }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1, workload: { template: { spec: { securityContext: { runAsUser: 1337 } } } } }] }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1, workload: { template: { spec: { securityContext: { runAsUser: 1000 } } } } }] }]
`,
  },
};
