import type { Check } from "../check";

export const prefixRewriteWithoutPrefix: Check = {
  code: "MESH1019",
  name: "prefix-rewrite-without-prefix",
  area: "routes",
  level: "warning",
  title: "A prefix is rewritten where no prefix was matched",
  why: "What is replaced is what the match's prefix took. Under an exact or regular-expression match, or none, meshes replace the whole path or nothing, each in its own way.",
  remedy: "Match a prefix, or rewrite with full or regex.",
  relatives: {},
  *run({ lookup }) {
    for (const { rule } of lookup.filtered()) {
      const { filters, matches } = rule;
      if (filters.rewrite?.prefix === undefined) continue;
      const odd = matches.find((m) => m.uri?.kind !== "prefix");
      if (matches.length === 0 || odd)
        yield {
          path: `${filters.rewrite.path}.prefix`,
          message: `A prefix is rewritten, but ${odd?.uri ? `a match is ${odd.uri.kind}` : "not every match has a prefix"}`,
        };
    }
  },
  example: {
    wrong: `
services: [{ name: web, ports: [{ port: 80 }] }]
routes:
  - name: web
    service: web
    http: [{ matches: [{ path: { exact: /old } }], backends: [{ service: web }], filters: { rewrite: { prefix: /new } } }]
`,
    right: `
services: [{ name: web, ports: [{ port: 80 }] }]
routes:
  - name: web
    service: web
    http: [{ matches: [{ path: { prefix: /old } }], backends: [{ service: web }], filters: { rewrite: { prefix: /new } } }]
`,
  },
};
