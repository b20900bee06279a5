import type { Check } from "../check";
import type { BackendName } from "../../model/model";

const ended: Partial<Record<BackendName, { readonly since: string; readonly instead: string }>> = {
  appmesh: {
    since: "2026-09-30",
    instead: "vpc-lattice (`meshup capabilities FILE --from appmesh --to vpc-lattice` lists what changes)",
  },
};

export const backendAtEndOfLife: Check = {
  code: "MESH1140",
  name: "backend-at-end-of-life",
  area: "workloads",
  level: "warning",
  title: "A backend that its vendor has closed",
  why: "AWS closed App Mesh on 2026-09-30 (announced 2024-09-24): its resources can be neither seen nor changed. A plan for it can be rendered, but not applied.",
  remedy: "Move to vpc-lattice, istio or linkerd; `meshup capabilities FILE --from appmesh --to …` lists what changes.",
  relatives: {},
  *run({ backends }) {
    for (const { name, path } of backends) {
      const end = ended[name];
      if (end) yield { path, message: `${name} ended on ${end.since}; AWS users go to ${end.instead}` };
    }
  },
  example: {
    wrong: `
backends: { appmesh: {} }
services: [{ name: cart, ports: [{ port: 80 }] }]
`,
    right: `
backends: { vpc-lattice: {} }
services: [{ name: cart, ports: [{ port: 80 }] }]
`,
  },
};
