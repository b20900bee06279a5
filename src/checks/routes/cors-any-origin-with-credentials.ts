import type { Check } from "../check";

export const corsAnyOriginWithCredentials: Check = {
  code: "MESH1022",
  name: "cors-any-origin-with-credentials",
  area: "routes",
  level: "error",
  title: "Every web page may call with the user's cookies",
  why: "Browsers refuse `*` together with credentials; and where a pattern says the same, any page that a user opens can act as that user.",
  remedy: "Name the origins that may send credentials.",
  relatives: {},
  *run({ lookup }) {
    const all = new Set(["*", ".*", "^.*$", ".+", "http", "https", "https://", "http://"]);
    for (const { rule } of lookup.filtered()) {
      const { cors } = rule.filters;
      if (!cors?.allowCredentials) continue;
      const wide = cors.allowOrigins.find((o) => (o.kind === "exact" ? o.value === "*" : all.has(o.value)));
      if (wide) yield { path: cors.path, message: `Credentials are allowed to every origin (${wide.value})` };
    }
  },
  example: {
    wrong: `
services: [{ name: web, ports: [{ port: 80 }] }]
routes:
  - { name: web, service: web, http: [{ backends: [{ service: web }], filters: { cors: { allowOrigins: ["*"], allowCredentials: true } } }] }
`,
    right: `
services: [{ name: web, ports: [{ port: 80 }] }]
routes:
  - { name: web, service: web, http: [{ backends: [{ service: web }], filters: { cors: { allowOrigins: ["https://shop.example"], allowCredentials: true } } }] }
`,
  },
};
