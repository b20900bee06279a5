import type { Check } from "../check";

export const wildcardHost: Check = {
  code: "MESH1066",
  name: "wildcard-host",
  area: "gateways",
  level: "warning",
  title: "A route for every host",
  why: "A route without host names on a listener without one takes whatever name a client sends: cache poisoning, open redirects and other teams' traffic.",
  remedy: "Name the hosts in the route, or the listener's hostname.",
  relatives: { kyverno: ["restrict-virtual-service-wildcard"], other: ["gatekeeper-library: block-wildcard-ingress"] },
  *run({ routes, lookup }) {
    for (const route of routes) {
      if (route.hostnames.length > 0) continue;
      for (const parent of route.parents) {
        const open =
          parent.kind === "gateway" &&
          lookup.listenersOf(parent).some((l) => l.hostname === undefined && l.protocol !== "tcp");
        if (open && route.kind !== "tcp")
          yield { path: parent.path, message: `${route.name} answers to every host on ${parent.name}` };
      }
    }
  },
  example: {
    wrong: `
services: [{ name: web, ports: [{ port: 80 }] }]
gateways: [{ name: public, listeners: [{ port: 443, protocol: https, tls: { certificateRef: shop } }] }]
routes:
  - { name: web, gateway: public, http: [{ backends: [{ service: web }] }] }
`,
    right: `
services: [{ name: web, ports: [{ port: 80 }] }]
gateways: [{ name: public, listeners: [{ port: 443, protocol: https, tls: { certificateRef: shop } }] }]
routes:
  - { name: web, gateway: public, hostnames: [shop.example], http: [{ backends: [{ service: web }] }] }
`,
  },
};
