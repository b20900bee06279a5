import type { Check } from "../check";

export const headerSetAndRemoved: Check = {
  code: "MESH1025",
  name: "header-set-and-removed",
  area: "routes",
  level: "warning",
  title: "A header is set and removed by the same rule",
  why: "Meshes do the two in different orders, so the header is there on one backend and gone on another.",
  remedy: "Keep one of the two.",
  relatives: {},
  *run({ lookup }) {
    for (const { filters } of lookup.filtered().map(({ rule }) => rule))
      for (const change of [filters.requestHeaders, filters.responseHeaders]) {
        if (!change) continue;
        const removed = new Set(change.remove.map((name) => name.toLowerCase()));
        const both = [...Object.keys(change.set), ...Object.keys(change.add)].filter((name) =>
          removed.has(name.toLowerCase()),
        );
        if (both.length > 0) yield { path: change.path, message: `${both.join(", ")} is both set and removed` };
      }
  },
  example: {
    wrong: `
services: [{ name: web, ports: [{ port: 80 }] }]
routes:
  - { name: web, service: web, http: [{ backends: [{ service: web }], filters: { headers: { response: { set: { Server: shop }, remove: [server] } } } }] }
`,
    right: `
services: [{ name: web, ports: [{ port: 80 }] }]
routes:
  - { name: web, service: web, http: [{ backends: [{ service: web }], filters: { headers: { response: { set: { Server: shop } } } } }] }
`,
  },
};
