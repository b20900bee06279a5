import type { Check } from "../check";
import { methodsOf } from "../support";

export const corsWithoutPreflight: Check = {
  code: "MESH1023",
  name: "cors-without-preflight",
  area: "routes",
  level: "warning",
  title: "CORS on a rule that never sees the preflight",
  why: "Browsers ask with OPTIONS first. A rule that takes other methods only never answers that question, so the page's request is not sent.",
  remedy: "Let the rule take OPTIONS too.",
  relatives: {},
  *run({ lookup }) {
    for (const { rule } of lookup.filtered()) {
      const { cors } = rule.filters;
      const methods = cors ? methodsOf(rule.matches) : [];
      if (cors && methods.length > 0 && !methods.includes("OPTIONS"))
        yield {
          path: cors.path,
          message: `The rule takes ${methods.join(", ")} only, so it never answers a preflight (OPTIONS)`,
        };
    }
  },
  example: {
    wrong: `
services: [{ name: web, ports: [{ port: 80 }] }]
routes:
  - name: web
    service: web
    http: [{ matches: [{ method: POST }], backends: [{ service: web }], filters: { cors: { allowOrigins: ["https://shop.example"] } } }]
`,
    right: `
services: [{ name: web, ports: [{ port: 80 }] }]
routes:
  - name: web
    service: web
    http: [{ matches: [{ methods: [POST, OPTIONS] }], backends: [{ service: web }], filters: { cors: { allowOrigins: ["https://shop.example"] } } }]
`,
  },
};
