import type { Check } from "../check";
import { optsOut } from "../../facts";

export const optsOutOfMesh: Check = {
  code: "MESH1109",
  name: "opts-out-of-mesh",
  area: "workloads",
  level: "warning",
  title: "A workload opts out of the mesh",
  why: "Its pods have no sidecar: no mTLS, no policy, no metrics, while the model says that they are part of the mesh.",
  remedy: "Remove the label or annotation, or take the service out of the mesh.",
  relatives: {
    istio: ["IST0103"],
    kyverno: ["prevent-disabling-injection-pods", "prevent-linkerd-pod-injection-override"],
  },
  *run({ workloads }) {
    for (const workload of workloads) {
      const how = optsOut(workload.labels, workload.annotations);
      if (how) yield { path: workload.path, message: `${workload.name} gets no sidecar: ${how}` };
    }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1, workload: { annotations: { sidecar.istio.io/inject: "false" } } }] }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1, workload: { annotations: { sidecar.istio.io/inject: "true" } } }] }]
`,
  },
};
