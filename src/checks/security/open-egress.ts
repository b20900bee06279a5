import type { Check } from "../check";

export const openEgress: Check = {
  code: "MESH1100",
  name: "open-egress",
  area: "security",
  level: "info",
  title: "Workloads may call anything outside",
  why: "A taken pod can send data anywhere, and no list says what the mesh depends on. (A closed egress of a sidecar is no security boundary either: a network policy is.)",
  remedy: "Set egress.mode to REGISTRY_ONLY and declare what is called in externalServices.",
  relatives: { other: ["AWS Config: mesh-deny-tcp-forwarding"] },
  *run({ mesh, services }) {
    if (mesh.egress === "ALLOW_ANY" && services.length > 0)
      yield { path: "egress.mode", message: "Every workload may call every address outside the mesh" };
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }] }]
`,
    right: `
egress: { mode: REGISTRY_ONLY }
services: [{ name: cart, ports: [{ port: 80 }] }]
`,
  },
};
