import { keyOf, type Listener, type Route } from "../../model/model";
import type { Check } from "../check";

/** The kinds of routes that a listener's protocol can serve. */
const carried: Readonly<Record<Listener["protocol"], readonly Route["kind"][]>> = {
  http: ["http", "grpc"],
  https: ["http", "grpc"],
  grpc: ["http", "grpc"],
  tcp: ["tcp"],
  tls: ["tls", "tcp"],
};

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
      const attached = lookup
        .routesOfGateway(gateway)
        .flatMap((route) =>
          route.parents
            .filter((p) => p.kind === "gateway" && keyOf(p) === keyOf(gateway))
            .map((parent) => ({ route, parent })),
        );
      for (const { path, name, port, protocol } of gateway.listeners) {
        const used = attached.some(
          ({ route, parent }) =>
            (parent.listener === undefined || parent.listener === name) &&
            (parent.port === undefined || parent.port === port) &&
            carried[protocol].includes(route.kind),
        );
        if (!used) yield { path, message: `No route is attached to listener ${name} of ${gateway.name}` };
      }
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
