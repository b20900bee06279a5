import type { Check } from "../check";

export const requestRouteOnPassthrough: Check = {
  code: "MESH1067",
  name: "request-route-on-passthrough",
  area: "gateways",
  level: "error",
  title: "Rules over requests where TLS is passed through",
  why: "A gateway that passes TLS through sees no request: no path, no header. The route never applies.",
  remedy: "End TLS at the gateway, or write a tls route.",
  relatives: {},
  *run({ routes, lookup }) {
    for (const route of routes) {
      if (route.kind !== "http" && route.kind !== "grpc") continue;
      for (const parent of route.parents) {
        const listeners = parent.kind === "gateway" ? lookup.listenersOf(parent) : [];
        const blind = listeners.find((l) => l.tls?.mode === "PASSTHROUGH" || l.protocol === "tcp");
        if (blind && listeners.every((l) => l.tls?.mode === "PASSTHROUGH" || l.protocol === "tcp"))
          yield {
            path: parent.path,
            message: `Listener ${blind.name} of ${parent.name} sees no requests, and ${route.name} has rules over them`,
          };
      }
    }
  },
  example: {
    wrong: `
services: [{ name: web, ports: [{ port: 80 }] }]
gateways: [{ name: public, listeners: [{ port: 443, protocol: https, tls: { mode: PASSTHROUGH } }] }]
routes:
  - { name: web, gateway: public, http: [{ backends: [{ service: web }] }] }
`,
    right: `
services: [{ name: web, ports: [{ port: 80 }] }]
gateways: [{ name: public, listeners: [{ port: 443, protocol: https, tls: { certificateRef: shop } }] }]
routes:
  - { name: web, gateway: public, http: [{ backends: [{ service: web }] }] }
`,
  },
};
