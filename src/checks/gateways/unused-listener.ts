import type { Check } from "../check";

export const unusedListener: Check = {
  code: "MESH1065",
  name: "unused-listener",
  area: "gateways",
  level: "info",
  title: "A listener without a route",
  why: "The port is open and answers 404 to everything.",
  remedy: "Attach a route, or remove the listener.",
  relatives: { kiali: ["KIA1501", "KIA1504"] },
  *run({ gateways, lookup }) {
    for (const gateway of gateways) {
      const parents = lookup
        .routesOfGateway(gateway)
        .flatMap((r) =>
          r.parents.filter((p) => p.kind === "gateway" && p.name === gateway.name && p.namespace === gateway.namespace),
        );
      for (const { path, name, port } of gateway.listeners)
        if (
          !parents.some(
            (p) => (p.listener === undefined || p.listener === name) && (p.port === undefined || p.port === port),
          )
        )
          yield { path, message: `No route is attached to listener ${name} of ${gateway.name}` };
    }
  },
  example: {
    wrong: `
gateways: [{ name: public, listeners: [{ port: 443, protocol: https, tls: { certificateRef: shop } }] }]
`,
    right: `
services: [{ name: web, ports: [{ port: 80 }] }]
gateways: [{ name: public, listeners: [{ port: 443, protocol: https, tls: { certificateRef: shop } }] }]
routes:
  - { name: web, gateway: public, http: [{ backends: [{ service: web }] }] }
`,
  },
};
