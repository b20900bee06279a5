import type { Check } from "../check";
import { keyOf } from "../../model/model";

export const duplicateBackend: Check = {
  code: "MESH1016",
  name: "duplicate-backend",
  area: "routes",
  level: "warning",
  title: "The same backend twice in one rule",
  why: "The shares add up, which no reader of the file sees; a change of one of them does not do what it says.",
  remedy: "Join the two entries and add their weights.",
  relatives: { kiali: ["KIA1104", "KIA1105"] },
  *run({ routes }) {
    for (const route of routes)
      for (const rule of route.rules) {
        if (rule.backends.length < 2) continue;
        const seen = new Set<string>();
        for (const backend of rule.backends) {
          const key = `${keyOf(backend)} ${backend.version ?? ""} ${backend.port}`;
          if (seen.has(key))
            yield {
              path: backend.path,
              message: `${backend.name}${backend.version ? ` ${backend.version}` : ""} is a backend of this rule already`,
            };
          seen.add(key);
        }
      }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }] }]
routes:
  - { name: cart, service: cart, http: [{ backends: [{ service: cart, weight: 50 }, { service: cart, weight: 50 }] }] }
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }] }]
routes:
  - { name: cart, service: cart, http: [{ backends: [{ service: cart, weight: 100 }] }] }
`,
  },
};
