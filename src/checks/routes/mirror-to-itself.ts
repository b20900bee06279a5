import type { Check } from "../check";
import { sameRef } from "../../model/model";

export const mirrorToItself: Check = {
  code: "MESH1012",
  name: "mirror-to-itself",
  area: "routes",
  level: "warning",
  title: "A mirror that sends the copies where the requests go",
  why: "The version that answers also gets every copy: its load doubles, and writes are done twice.",
  remedy: "Mirror to another version or another service.",
  relatives: {},
  *run({ lookup }) {
    for (const { backends, filters } of lookup.filtered().map(({ rule }) => rule))
      for (const mirror of filters.mirrors)
        if (
          backends.some((b) => b.weight > 0 && sameRef(b, mirror) && (b.version ?? mirror.version) === mirror.version)
        )
          yield {
            path: mirror.path,
            message: `${mirror.name}${mirror.version ? ` ${mirror.version}` : ""} gets each request and its copy`,
          };
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1 }, { name: v2 }] }]
routes:
  - name: cart
    service: cart
    http: [{ backends: [{ service: cart, version: v1 }], filters: { mirror: { service: cart, version: v1 } } }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1 }, { name: v2 }] }]
routes:
  - name: cart
    service: cart
    http: [{ backends: [{ service: cart, version: v1 }], filters: { mirror: { service: cart, version: v2 } } }]
`,
  },
};
