import type { Check } from "../check";
import { overlaps } from "../urls";

export const hostnameNotOnListener: Check = {
  code: "MESH1060",
  name: "hostname-not-on-listener",
  area: "gateways",
  level: "error",
  title: "A route for a name that the gateway does not serve",
  why: "A listener takes only requests for its own host name. A route whose names lie outside it gets none.",
  remedy: "Add the name to the route, or widen the listener's hostname.",
  relatives: { istio: ["IST0132"], kiali: ["KIA1102"] },
  *run({ routes, lookup }) {
    for (const route of routes)
      for (const parent of route.parents) {
        if (parent.kind !== "gateway" || route.hostnames.length === 0) continue;
        const listeners = lookup.listenersOf(parent);
        if (listeners.length === 0 || listeners.some((l) => l.hostname === undefined)) continue;
        const lost = route.hostnames.filter((name) => !listeners.some((l) => overlaps(l.hostname ?? "", name)));
        if (lost.length > 0)
          yield {
            path: parent.path,
            message: `No listener of ${parent.name} serves ${lost.join(", ")} (they serve ${listeners.map((l) => l.hostname).join(", ")})`,
          };
      }
  },
  example: {
    wrong: `
services: [{ name: web, ports: [{ port: 80 }] }]
gateways: [{ name: public, listeners: [{ port: 80, protocol: http, hostname: shop.example }] }]
routes:
  - { name: web, gateway: public, hostnames: [www.shop.example], http: [{ backends: [{ service: web }] }] }
`,
    right: `
services: [{ name: web, ports: [{ port: 80 }] }]
gateways: [{ name: public, listeners: [{ port: 80, protocol: http, hostname: shop.example }] }]
routes:
  - { name: web, gateway: public, hostnames: [shop.example], http: [{ backends: [{ service: web }] }] }
`,
  },
};
