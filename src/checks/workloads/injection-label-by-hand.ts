import type { Check } from "../check";
import { at } from "../../model/path";

/** By which some mesh's injector takes a namespace. */
const labels = ["istio-injection", "istio.io/rev", "istio.io/dataplane-mode", "linkerd.io/inject"];

export const injectionLabelByHand: Check = {
  code: "MESH1121",
  name: "injection-label-by-hand",
  area: "workloads",
  level: "warning",
  title: "A namespace enters the mesh in two ways",
  why: "The backend writes the label that inject asks for. A second one by hand is settled by an order that few know: the pods stay on an old revision, get the proxy of another mesh, or none.",
  remedy: "Leave the label out: inject says whether there is a sidecar, backends.istio.revision whose.",
  relatives: { istio: ["IST0123"] },
  *run({ namespaces }) {
    for (const namespace of namespaces)
      for (const label of labels)
        if (namespace.labels[label] !== undefined)
          yield {
            path: at(at(namespace.path, "labels"), label),
            message: `Namespace ${namespace.name} says inject: ${namespace.inject}, and ${label}: ${namespace.labels[label]} by hand`,
          };
  },
  example: {
    wrong: `
namespaces: [{ name: shop, inject: true, labels: { istio.io/rev: canary } }]
services: [{ name: cart, namespace: shop, ports: [{ port: 80 }] }]
`,
    right: `
namespaces: [{ name: shop, inject: true }]
services: [{ name: cart, namespace: shop, ports: [{ port: 80 }] }]
backends: { istio: { revision: canary } }
`,
  },
};
