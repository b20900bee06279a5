import type { Check } from "../check";
import { inTemplate } from "../../facts";

export const hostNetwork: Check = {
  code: "MESH1113",
  name: "host-network",
  area: "workloads",
  level: "error",
  title: "A workload on the node's own network",
  why: "Pods with hostNetwork are not injected by any mesh: no mTLS, no policy; and a redirection there would be the whole node's.",
  remedy: "Remove hostNetwork, or take the service out of the mesh.",
  relatives: { other: ["Istio, Linkerd: hostNetwork pods are not injected"] },
  *run({ workloads }) {
    for (const { template, path, name } of workloads)
      if (inTemplate(template, "spec", "hostNetwork") === true)
        yield { path: `${path}.template`, message: `${name} uses the node's network, where no sidecar can be` };
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1, workload: { template: { spec: { hostNetwork: true } } } }] }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1, workload: { template: { spec: { dnsPolicy: ClusterFirst } } } }] }]
`,
  },
};
