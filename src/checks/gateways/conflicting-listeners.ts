import type { Check } from "../check";
import type { Listener } from "../../model/model";
import { overlaps } from "../urls";
import { push } from "../../facts";

export const conflictingListeners: Check = {
  code: "MESH1061",
  name: "conflicting-listeners",
  area: "gateways",
  level: "error",
  title: "Two gateways listen for the same name on the same pods",
  why: "Where two gateways select the same pods, their listeners share ports. For the same port and host the mesh takes one of them, and which one is chance.",
  remedy: "Join them, or give each its own pods, port or host.",
  relatives: { istio: ["IST0145"], kiali: ["KIA0301"] },
  *run({ gateways }) {
    const seen = new Map<string, { gateway: string; listener: Listener }[]>();
    for (const gateway of gateways)
      for (const listener of gateway.listeners) {
        const key = `${JSON.stringify(Object.entries(gateway.selector).sort())} ${listener.port}`;
        const other = seen.get(key)?.find((o) => overlaps(o.listener.hostname ?? "*", listener.hostname ?? "*", true));
        if (other)
          yield {
            path: listener.path,
            message: `${other.gateway} listens on port ${listener.port} for ${other.listener.hostname ?? "every host"} with the same pods`,
          };
        push(seen, key, { gateway: gateway.name, listener });
      }
  },
  example: {
    wrong: `
gateways:
  - { name: shop, selector: { app: edge }, listeners: [{ port: 80, protocol: http, hostname: shop.example }] }
  - { name: web, selector: { app: edge }, listeners: [{ port: 80, protocol: http, hostname: shop.example }] }
services: [{ name: web, ports: [{ port: 80 }] }]
routes:
  - { name: web, parents: [{ gateway: shop }, { gateway: web }], http: [{ backends: [{ service: web }] }] }
`,
    right: `
gateways:
  - { name: shop, selector: { app: edge }, listeners: [{ port: 80, protocol: http, hostname: shop.example }] }
  - { name: web, selector: { app: edge }, listeners: [{ port: 80, protocol: http, hostname: www.shop.example }] }
services: [{ name: web, ports: [{ port: 80 }] }]
routes:
  - { name: web, parents: [{ gateway: shop }, { gateway: web }], http: [{ backends: [{ service: web }] }] }
`,
  },
};
